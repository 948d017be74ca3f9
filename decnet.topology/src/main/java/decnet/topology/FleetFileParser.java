package decnet.topology;

import decnet.core.DeckyName;
import decnet.core.Snippet;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a {@link FleetFile}: every problem in one report. One use, one thread. */
final class FleetFileParser {
    private static final long MAX_SCRIPT = 64 << 10;
    private static final Pattern INTERVAL = Pattern.compile("([1-9]\\d{0,5})([mhd])");
    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofDays(366);
    private static final List<String> DECKY_KEYS =
            List.of("archetype", "services", "ip", "ip6", "amount", "distro", "stack", "mutate-interval");

    private static final int NOWHERE = Integer.MAX_VALUE;

    private record Problem(int line, String text) {}

    /** What a key was set to. */
    record Value(String text, int line) {}

    /** What stands between two headings. */
    record Section(String name, int line, Map<String, Value> values) {}

    /** Where files that it names are looked for. */
    private final Path folder;

    private final FleetNetwork.Defaults defaults;
    private final Problems problems;
    /** Empty if what the file says of it cannot be. */
    private Optional<FleetNetwork> network = Optional.empty();

    private Optional<Duration> rotation = Optional.empty();

    FleetFileParser(String source, Path folder, FleetNetwork.Defaults defaults) {
        this.folder = folder;
        this.defaults = defaults;
        this.problems = new Problems(source, new ArrayList<>());
    }

    /** What is wrong with a file. */
    record Problems(String source, List<Problem> all) {
        /** @param line {@link #NOWHERE}: of no line */
        void add(int line, @Nullable String text) {
            all.add(new Problem(line, String.valueOf(text)));
        }

        /** In the order of the lines. */
        List<String> texts() {
            return all.stream()
                    .sorted(Comparator.comparingInt(Problem::line))
                    .map(one -> source + (one.line() == NOWHERE ? "" : ":" + one.line()) + ": " + one.text())
                    .toList();
        }

        void unknownKeys(Section section, List<String> known) {
            section.values().forEach((key, value) -> {
                if (!known.contains(key)) {
                    add(
                            value.line(),
                            "unknown key " + Snippet.of(key) + " in [" + section.name() + "]; known are "
                                    + String.join(", ", known));
                }
            });
        }
    }

    FleetFile parse(String text) {
        Map<String, Section> sections = sections(text);
        Section general = sections.remove("general");
        Section said = general == null ? new Section("general", NOWHERE, Map.of()) : general;
        network = new FleetNetworkParser(said, defaults, problems).parse();
        rotation = interval(said);
        Map<String, Section> deckies = new LinkedHashMap<>();
        Map<String, List<Section>> options = new LinkedHashMap<>();
        sections.forEach((name, section) -> {
            int dot = name.lastIndexOf('.');
            if (dot > 0) {
                options.computeIfAbsent(name.substring(0, dot), any -> new ArrayList<>())
                        .add(section);
            } else {
                deckies.put(name, section);
            }
        });
        List<FleetFile.Entry> entries = new ArrayList<>();
        deckies.forEach((name, section) -> entries.addAll(decky(section, options)));
        options.forEach((name, list) -> {
            if (!deckies.containsKey(name)) {
                list.forEach(section ->
                        problem(section.line(), "[" + section.name() + "]: there is no section [" + name + "]"));
            }
        });
        duplicates(entries);
        if (entries.isEmpty() && problems.texts().isEmpty()) {
            problem(NOWHERE, "no decky sections found; write for example [web] and archetype = web-server");
        }
        if (!problems.texts().isEmpty()) {
            throw new FleetException(problems.texts());
        }
        return new FleetFile(network.orElseThrow(), entries);
    }

    private Map<String, Section> sections(String text) {
        Map<String, Section> sections = new LinkedHashMap<>();
        Section open = null;
        int number = 0;
        for (String raw : text.lines().toList()) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
                continue;
            }
            if (line.startsWith("[") && line.endsWith("]")) {
                open = new Section(line.substring(1, line.length() - 1).strip(), number, new LinkedHashMap<>());
                Section before = sections.putIfAbsent(open.name(), open);
                if (before != null) {
                    problem(
                            number,
                            "section " + Snippet.of(open.name()) + " is already there in line " + before.line());
                }
                continue;
            }
            int equals = line.indexOf('=');
            if (equals <= 0) {
                problem(number, "expected  [section]  or  key = value , found " + Snippet.of(line));
            } else if (open == null) {
                problem(number, "a key before the first [section]");
            } else {
                String key = line.substring(0, equals).strip().replace('_', '-');
                Value before = open.values()
                        .putIfAbsent(key, new Value(line.substring(equals + 1).strip(), number));
                if (before != null) {
                    problem(number, key + " is already set in line " + before.line());
                }
            }
        }
        return sections;
    }

    private List<FleetFile.Entry> decky(Section section, Map<String, List<Section>> options) {
        problems.unknownKeys(section, DECKY_KEYS);
        Optional<Archetype> archetype = archetype(section);
        Map<String, Map<String, String>> services = new HashMap<>();
        slugs(section, archetype).forEach(slug -> services.put(slug, new HashMap<>()));
        for (Section one : options.getOrDefault(section.name(), List.of())) {
            serviceOptions(one, services);
        }
        services.forEach((slug, given) -> {
            if (slug.startsWith(ServiceCatalogue.CUSTOM) && !given.containsKey("port")) {
                problem(section.line(), "[" + section.name() + "." + slug + "] needs port = NUMBER");
            }
        });
        Optional<String> distribution = distribution(section, archetype);
        int amount = amount(section);
        Optional<InetAddress> address = address(section, amount);
        Optional<InetAddress> address6 = address6(section, amount);
        Optional<OsFamily> stack = stack(section);
        Optional<Duration> every = interval(section);
        List<FleetFile.Entry> entries = new ArrayList<>();
        for (int i = 1; i <= amount && archetype.isPresent(); i++) {
            String name = amount == 1 ? section.name() : String.format("%s-%02d", section.name(), i);
            try {
                entries.add(new FleetFile.Entry(
                        new DeckyName(name), archetype.get(), distribution, address, address6, stack, every, services));
            } catch (IllegalArgumentException e) {
                problem(section.line(), e.getMessage());
                break;
            }
        }
        return entries;
    }

    private Optional<Archetype> archetype(Section section) {
        Value value = section.values().get("archetype");
        if (value == null) {
            if (!section.values().containsKey("services")) {
                problem(
                        section.line(),
                        "[" + section.name() + "] needs archetype or services; archetypes: " + Archetype.slugs());
                return Optional.empty();
            }
            return Archetype.find("linux-server");
        }
        Optional<Archetype> found = Archetype.find(value.text());
        if (found.isEmpty()) {
            problem(value.line(), "archetype: " + Snippet.of(value.text()) + ": expected one of " + Archetype.slugs());
        }
        return found;
    }

    private List<String> slugs(Section section, Optional<Archetype> archetype) {
        Value value = section.values().get("services");
        if (value == null) {
            if (archetype.isPresent() && archetype.get().offered().isEmpty()) {
                problem(
                        section.line(),
                        "[" + section.name() + "]: " + archetype.get().slug() + " offers nothing yet; it waits for "
                                + String.join(", ", archetype.get().awaited())
                                + ". Give it services, or take one of " + Archetype.slugs());
            }
            return archetype.map(Archetype::offered).orElse(List.of());
        }
        List<String> slugs = new ArrayList<>();
        for (String part : value.text().split(",")) {
            String slug = part.strip();
            if (slug.isEmpty()) {
                continue;
            }
            if (ServiceCatalogue.find(slug).isEmpty()) {
                problem(
                        value.line(),
                        "services: " + Snippet.of(slug) + ": expected some of " + ServiceCatalogue.slugs());
            } else if (slugs.contains(slug)) {
                problem(value.line(), "services: " + slug + " is named twice");
            } else {
                slugs.add(slug);
            }
        }
        if (slugs.isEmpty()) {
            problem(value.line(), "services: expected at least one of " + ServiceCatalogue.slugs());
        }
        return slugs;
    }

    private void serviceOptions(Section section, Map<String, Map<String, String>> services) {
        String slug = section.name().substring(section.name().lastIndexOf('.') + 1);
        Map<String, String> given = services.get(slug);
        Optional<ServiceSpec> spec = ServiceCatalogue.find(slug);
        if (spec.isEmpty()) {
            problem(
                    section.line(),
                    "[" + section.name() + "]: " + Snippet.of(slug) + " is not one of " + ServiceCatalogue.slugs());
            return;
        }
        if (given == null) {
            problem(section.line(), "[" + section.name() + "]: the decky does not offer " + slug);
            return;
        }
        section.values().forEach((key, value) -> {
            Optional<ServiceSpec.Option> option = spec.get().options().stream()
                    .filter(one -> one.name().equals(key))
                    .findFirst();
            if (option.isEmpty()) {
                problem(
                        value.line(),
                        "unknown option " + Snippet.of(key) + "; " + slug + " has "
                                + String.join(
                                        ", ",
                                        spec.get().options().stream()
                                                .map(ServiceSpec.Option::name)
                                                .toList()));
            } else if (!option.get().accepts(value.text())) {
                problem(
                        value.line(),
                        key + ": " + Snippet.of(value.text()) + ": expected "
                                + option.get().expected());
            } else if (option.get().form() == ServiceSpec.Form.FILE) {
                content(value).ifPresent(text -> given.put(key, text));
            } else {
                given.put(key, value.text());
            }
        });
        if (slug.startsWith(ServiceCatalogue.CUSTOM)) {
            custom(section, given);
        }
        if (given.containsKey("user") != given.containsKey("password")) {
            problem(section.line(), "[" + section.name() + "]: user and password go together");
        }
    }

    private void custom(Section section, Map<String, String> given) {
        if (given.getOrDefault("tls", "no").equals("yes")
                && given.getOrDefault("transport", "tcp").equals("udp")) {
            problem(section.line(), "[" + section.name() + "]: tls = yes needs transport = tcp");
        }
        String script = given.get("script");
        if (script != null) {
            try {
                CustomScript.parse(script);
            } catch (IllegalArgumentException e) {
                problem(section.line(), "[" + section.name() + "] script: " + e.getMessage());
            }
        }
    }

    /** The text of a file named beside the fleet file. */
    private Optional<String> content(Value value) {
        Path path = folder.resolve(value.text());
        try {
            if (Files.size(path) > MAX_SCRIPT) {
                problem(value.line(), path + ": larger than " + MAX_SCRIPT + " bytes");
                return Optional.empty();
            }
            return Optional.of(Files.readString(path));
        } catch (MalformedInputException e) {
            problem(value.line(), path + ": not UTF-8 text");
        } catch (IOException e) {
            problem(value.line(), path + ": cannot be read (" + e + ")");
        }
        return Optional.empty();
    }

    private Optional<String> distribution(Section section, Optional<Archetype> archetype) {
        Value value = section.values().get("distro");
        if (value != null && Distribution.find(value.text()).isEmpty()) {
            problem(
                    value.line(),
                    "distro: " + Snippet.of(value.text()) + ": expected one of "
                            + String.join(
                                    ", ",
                                    Distribution.all().stream()
                                            .map(Distribution::slug)
                                            .toList()));
            return Optional.empty();
        }
        Optional<Distribution> wanted = Optional.ofNullable(value).flatMap(one -> Distribution.find(one.text()));
        if (value != null
                && archetype.isPresent()
                && wanted.filter(archetype.get()::runs).isEmpty()) {
            problem(
                    value.line(),
                    "distro: " + value.text() + " is no system of "
                            + archetype.get().slug() + "; expected one of "
                            + String.join(", ", archetype.get().distributions()));
            return Optional.empty();
        }
        return Optional.ofNullable(value).map(Value::text);
    }

    private int amount(Section section) {
        Value value = section.values().get("amount");
        if (value == null) {
            return 1;
        }
        try {
            int amount = Integer.parseInt(value.text());
            if (amount >= 1 && amount <= FleetFile.MAX_AMOUNT) {
                return amount;
            }
        } catch (NumberFormatException e) {
            // said below, as for a number out of range
        }
        problem(
                value.line(),
                "amount: " + Snippet.of(value.text()) + ": expected a whole number from 1 to " + FleetFile.MAX_AMOUNT);
        return 1;
    }

    private Optional<InetAddress> address(Section section, int amount) {
        return address(
                section,
                "ip",
                amount,
                (where, address) -> where.lan().isPresent()
                        ? ofSegment(where, address, where.lan().get().subnet())
                        : LoopbackAddresses.allowed(address)
                                ? Optional.empty()
                                : Optional.of("driver loopback needs an address of 127.0.0.0/8 from 127.0.1.1 on"));
    }

    private Optional<InetAddress> address6(Section section, int amount) {
        return address(section, "ip6", amount, (where, address) -> where.lan()
                .flatMap(Lan::subnet6)
                .map(subnet -> ofSegment(where, address, subnet))
                .orElse(Optional.of("only with driver = netns and subnet6")));
    }

    /** Why a machine cannot have an address of the real network. */
    private static Optional<String> ofSegment(FleetNetwork where, InetAddress address, Subnet subnet) {
        if (!subnet.usable(address)) {
            return Optional.of("expected an address of a machine in " + subnet);
        }
        return where.reserves(address)
                ? Optional.of("it is the gateway's, this host's, or one of reserve")
                : Optional.empty();
    }

    /** @param obstacle what speaks against an address */
    private Optional<InetAddress> address(
            Section section, String key, int amount, BiFunction<FleetNetwork, InetAddress, Optional<String>> obstacle) {
        Value value = section.values().get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (amount > 1) {
            problem(value.line(), key + " cannot be combined with amount = " + amount);
            return Optional.empty();
        }
        Optional<InetAddress> address = Optional.empty();
        try {
            address = Optional.of(InetAddress.ofLiteral(value.text()));
        } catch (IllegalArgumentException e) {
            // said below
        }
        Optional<InetAddress> found = address;
        Optional<String> why = found.isPresent()
                ? network.flatMap(where -> obstacle.apply(where, found.get()))
                : Optional.of("expected an address");
        if (why.isPresent()) {
            problem(value.line(), key + ": " + Snippet.of(value.text()) + ": " + why.get());
            return Optional.empty();
        }
        return address;
    }

    private Optional<OsFamily> stack(Section section) {
        Value value = section.values().get("stack");
        if (value == null) {
            return Optional.empty();
        }
        for (OsFamily family : OsFamily.values()) {
            if (family.slug().equals(value.text().replace('-', '_'))) {
                return Optional.of(family);
            }
        }
        problem(
                value.line(),
                "stack: " + Snippet.of(value.text()) + ": expected one of "
                        + Stream.of(OsFamily.values()).map(OsFamily::slug).collect(Collectors.joining(", ")));
        return Optional.empty();
    }

    /** How often services are drawn anew; of a decky if it says so, else of all. */
    private Optional<Duration> interval(Section section) {
        Value value = section.values().get("mutate-interval");
        if (value == null) {
            return rotation;
        }
        Matcher matcher = INTERVAL.matcher(value.text());
        if (value.text().equals("never")) {
            return Optional.empty();
        }
        if (matcher.matches()) {
            long count = Long.parseLong(matcher.group(1));
            Duration every =
                    switch (matcher.group(2)) {
                        case "m" -> Duration.ofMinutes(count);
                        case "h" -> Duration.ofHours(count);
                        default -> Duration.ofDays(count);
                    };
            if (every.compareTo(LEAST) >= 0 && every.compareTo(MOST) <= 0) {
                return Optional.of(every);
            }
        }
        problem(
                value.line(),
                "mutate-interval: " + Snippet.of(value.text())
                        + ": expected never, or a time from 1m to 366d, as 30m, 12h or 7d");
        return Optional.empty();
    }

    private void duplicates(List<FleetFile.Entry> entries) {
        Map<String, DeckyName> seen = new HashMap<>();
        for (FleetFile.Entry entry : entries) {
            DeckyName same = seen.putIfAbsent("name " + entry.name(), entry.name());
            if (same != null) {
                problem(NOWHERE, "two deckies are called " + same);
            }
            Stream.concat(entry.address().stream(), entry.address6().stream()).forEach(address -> {
                DeckyName other = seen.putIfAbsent("ip " + address, entry.name());
                if (other != null) {
                    problem(NOWHERE, other + " and " + entry.name() + " have the same address");
                }
            });
        }
    }

    private void problem(int line, @Nullable String text) {
        problems.add(line, text);
    }
}
