package decnet.topology;

import decnet.core.Snippet;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code [general]} of a fleet file. One use, one thread. */
final class FleetNetworkParser {
    private static final List<String> KEYS =
            List.of("driver", "real-ports", "interface", "subnet", "subnet6", "gateway", "reserve", "mutate-interval");
    private static final List<String> OF_A_SEGMENT = List.of("interface", "subnet", "subnet6", "gateway", "reserve");
    private static final int WIDEST = 8;
    private static final int NARROWEST = 30;

    private final FleetFileParser.Section section;
    private final FleetNetwork.Defaults defaults;
    private final FleetFileParser.Problems problems;

    FleetNetworkParser(
            FleetFileParser.Section section, FleetNetwork.Defaults defaults, FleetFileParser.Problems problems) {
        this.section = section;
        this.defaults = defaults;
        this.problems = problems;
    }

    /** @return empty if what it says cannot be */
    Optional<FleetNetwork> parse() {
        problems.unknownKeys(section, KEYS);
        boolean realPorts = flag("real-ports");
        if (driver() == Driver.LOOPBACK) {
            for (String key : OF_A_SEGMENT) {
                FleetFileParser.Value value = section.values().get(key);
                if (value != null) {
                    problems.add(value.line(), key + ": only driver = netns has one");
                }
            }
            return Optional.of(new FleetNetwork(realPorts, Optional.empty(), List.of()));
        }
        Optional<String> uplink = uplink();
        Optional<HostNetwork.Interface> link = uplink.flatMap(defaults.host()::find);
        Optional<Subnet> subnet = subnet(uplink, link);
        Optional<Subnet> subnet6 = read("subnet6", Subnet::parse).filter(found -> {
            boolean right = found.ip6() && found.length() <= 120;
            if (!right) {
                problem("subnet6", "expected a prefix of IPv6 of at most 120 bits, as fd00:1::/64");
            }
            return right;
        });
        List<AddressRange> reserved = reserved();
        Optional<InetAddress> gateway = gateway(subnet, link.flatMap(HostNetwork.Interface::gateway));
        if (subnet.isEmpty() || uplink.isEmpty()) {
            return Optional.empty();
        }
        gateway.ifPresent(address -> reserved.add(new AddressRange(address, address)));
        link.flatMap(HostNetwork.Interface::address)
                .ifPresent(address -> reserved.add(new AddressRange(address, address)));
        Lan lan = new Lan(FleetNetwork.LAN, subnet.get(), subnet6, uplink, gateway);
        return Optional.of(new FleetNetwork(true, Optional.of(lan), reserved));
    }

    private Driver driver() {
        FleetFileParser.Value value = section.values().get("driver");
        if (value == null) {
            return defaults.driver().orElse(section.values().containsKey("interface") ? Driver.NETNS : Driver.LOOPBACK);
        }
        for (Driver driver : Driver.values()) {
            if (driver.text().equals(value.text())) {
                return driver;
            }
        }
        problems.add(value.line(), "driver: " + Snippet.of(value.text()) + ": expected loopback or netns");
        return Driver.LOOPBACK;
    }

    private boolean flag(String key) {
        FleetFileParser.Value value = section.values().get(key);
        if (value != null && !List.of("yes", "no").contains(value.text())) {
            problems.add(value.line(), key + ": " + Snippet.of(value.text()) + ": expected yes or no");
        }
        return value != null && value.text().equals("yes");
    }

    private Optional<String> uplink() {
        FleetFileParser.Value value = section.values().get("interface");
        Optional<String> name = defaults.uplink()
                .or(() -> Optional.ofNullable(value).map(FleetFileParser.Value::text))
                .or(defaults.host()::outside);
        if (name.isEmpty()) {
            problem(
                    "interface",
                    "this host has no default route to tell which; expected one of "
                            + defaults.host().names());
        } else if (defaults.host().find(name.get()).isEmpty()) {
            problem(
                    "interface",
                    Snippet.of(name.get()) + ": expected one of "
                            + defaults.host().names());
            return Optional.empty();
        }
        return name;
    }

    private Optional<Subnet> subnet(Optional<String> uplink, Optional<HostNetwork.Interface> link) {
        boolean said = section.values().containsKey("subnet");
        Optional<Subnet> subnet = defaults.subnet().or(() -> read("subnet", Subnet::parse));
        if (subnet.isEmpty() && !said) {
            subnet = link.flatMap(HostNetwork.Interface::subnet);
            if (subnet.isEmpty() && uplink.isPresent()) {
                problem(
                        "subnet",
                        "this host has no address on " + uplink.get() + " to tell which; set it, as 192.168.1.0/24");
            }
        }
        return subnet.filter(found -> {
            boolean right = !found.ip6() && found.length() >= WIDEST && found.length() <= NARROWEST;
            if (!right) {
                problem("subnet", found + ": expected one of IPv4 with " + WIDEST + " to " + NARROWEST + " bits");
            }
            return right;
        });
    }

    private Optional<InetAddress> gateway(Optional<Subnet> subnet, Optional<InetAddress> otherwise) {
        if (!section.values().containsKey("gateway")) {
            return otherwise.filter(
                    address -> subnet.isPresent() && subnet.get().usable(address));
        }
        return read("gateway", InetAddress::ofLiteral).filter(address -> {
            boolean right = subnet.isEmpty() || subnet.get().usable(address);
            if (!right) {
                problem("gateway", address.getHostAddress() + ": expected an address of a machine in " + subnet.get());
            }
            return right;
        });
    }

    private List<AddressRange> reserved() {
        List<AddressRange> reserved = new ArrayList<>();
        FleetFileParser.Value value = section.values().get("reserve");
        if (value != null) {
            for (String part : value.text().split(",")) {
                try {
                    reserved.add(AddressRange.parse(part.strip()));
                } catch (IllegalArgumentException e) {
                    problems.add(value.line(), "reserve: " + e.getMessage());
                }
            }
        }
        return reserved;
    }

    private <T> Optional<T> read(String key, Function<String, T> form) {
        FleetFileParser.Value value = section.values().get(key);
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(form.apply(value.text()));
        } catch (IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage());
            problems.add(
                    value.line(),
                    key + ": "
                            + (reason.contains("expected")
                                    ? reason
                                    : Snippet.of(value.text()) + ": expected an address"));
            return Optional.empty();
        }
    }

    /** At the line of the key, or of the section. */
    private void problem(String key, String text) {
        FleetFileParser.@Nullable Value value = section.values().get(key);
        problems.add(value == null ? section.line() : value.line(), key + ": " + text);
    }
}
