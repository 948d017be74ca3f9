package decnet.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The interfaces of this host, as far as machines can be put on them.
 *
 * @param interfaces those with an address of IPv4 or that are up, the loopback left out
 * @param outside name of the interface of the default route
 */
public record HostNetwork(List<Interface> interfaces, Optional<String> outside) {
    /** A host without any. */
    public static final HostNetwork NONE = new HostNetwork(List.of(), Optional.empty());

    private static final Path ROUTES = Path.of("/proc/net/route");

    public HostNetwork {
        interfaces = List.copyOf(interfaces);
    }

    /**
     * One of them.
     *
     * @param address of this host there, IPv4
     * @param subnet that it is in
     * @param gateway of the default route, if that goes this way
     */
    public record Interface(
            String name, Optional<InetAddress> address, Optional<Subnet> subnet, Optional<InetAddress> gateway) {}

    private record Default(String link, InetAddress gateway) {}

    /** As it is now, in the namespace of this process. */
    public static HostNetwork read() {
        Optional<Default> route = defaultRoute();
        List<Interface> found = new ArrayList<>();
        try {
            for (NetworkInterface one : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (!one.isLoopback()) {
                    found.add(described(one, route));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the interfaces of this host cannot be listed", e);
        }
        return new HostNetwork(found, route.map(Default::link));
    }

    private static Interface described(NetworkInterface one, Optional<Default> route) {
        Optional<InterfaceAddress> address = one.getInterfaceAddresses().stream()
                .filter(each -> each.getAddress() instanceof Inet4Address)
                .findFirst();
        return new Interface(
                one.getName(),
                address.map(InterfaceAddress::getAddress),
                address.map(each -> around(each.getAddress(), each.getNetworkPrefixLength())),
                route.filter(each -> each.link().equals(one.getName())).map(Default::gateway));
    }

    private static Subnet around(InetAddress address, int length) {
        byte[] bytes = address.getAddress();
        for (int bit = length; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        return new Subnet(address(bytes), length);
    }

    /** Lines of {@code /proc/net/route}: interface, destination and gateway in hex of this machine's byte order, flags. */
    private static Optional<Default> defaultRoute() {
        try {
            for (String line : Files.readAllLines(ROUTES)) {
                String[] columns = line.split("\t");
                if (columns.length > 7 && columns[1].equals("00000000") && columns[7].equals("00000000")) {
                    int gateway = Integer.reverseBytes(Integer.parseUnsignedInt(columns[2], 16));
                    byte[] bytes = {
                        (byte) (gateway >> 24), (byte) (gateway >> 16), (byte) (gateway >> 8), (byte) gateway
                    };
                    return Optional.of(new Default(columns[0], address(bytes)));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // no such file: no IPv4
        }
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 bytes are an address", e);
        }
    }

    public Optional<Interface> find(String name) {
        return interfaces.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** Names, for a message to a person. */
    public String names() {
        return interfaces.isEmpty()
                ? "none"
                : String.join(
                        ", ", interfaces.stream().map(Interface::name).sorted().toList());
    }
}
