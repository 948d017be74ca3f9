package decnet.topology;

import decnet.core.DeckyName;
import decnet.core.Snippet;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A description of a fleet, as a person writes it. Immutable.
 *
 * <pre>
 * file     = *( line LF )
 * line     = [ comment / section / key *WSP "=" *WSP value ]     ; comment begins with # or ;
 * section  = "[general]" / "[" decky "]" / "[" decky "." service "]"
 * general  : driver = loopback, real-ports = yes | no
 * decky    : archetype, services (comma list), ip, amount (1 to 100), distro
 * service  : the options of the service's catalogue entry; of custom-NAME port is needed
 * </pre>
 *
 * {@code amount = N} above 1 stands for {@code decky-01} to {@code decky-NN}; its service sections go to all of them.
 *
 * @param realPorts whether services listen at their well-known ports
 * @param deckies in the order of the file
 */
public record FleetFile(boolean realPorts, List<Entry> deckies) {
    /** Most deckies of one section. */
    public static final int MAX_AMOUNT = 100;

    private static final long MAX_BYTES = 512 << 10;
    private static final long MAX_SCRIPT = 64 << 10;
    private static final List<String> GENERAL_KEYS = List.of("driver", "real-ports");
    private static final List<String> DECKY_KEYS = List.of("archetype", "services", "ip", "amount", "distro");

    public FleetFile {
        deckies = List.copyOf(deckies);
    }

    /**
     * One decky of the file.
     *
     * @param services options by slug, sorted
     */
    public record Entry(
            DeckyName name,
            Archetype archetype,
            Optional<String> distribution,
            Optional<InetAddress> address,
            Map<String, Map<String, String>> services) {
        public Entry {
            services = java.util.Collections.unmodifiableMap(new TreeMap<>(services));
        }
    }

    /** The fleet for a first look: five machines of five kinds that offer every service. */
    public static FleetFile standard() {
        return parse("default fleet", """
            [intranet]
            archetype = web-server
            services = ftp, http, https
            [bastion]
            archetype = linux-server
            [cache]
            archetype = database-server
            [files]
            archetype = file-server
            services = ftp, ssh, tftp
            [camera]
            archetype = iot-device
            """);
    }

    /** @throws FleetException with every problem of the file, each with its line */
    public static FleetFile read(Path path) {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new FleetException(
                        List.of(path + ": larger than " + MAX_BYTES + " bytes; is this a fleet file?"));
            }
            Path folder = Optional.ofNullable(path.toAbsolutePath().getParent()).orElse(path);
            return new Parser(path.toString(), folder).parse(Files.readString(path));
        } catch (MalformedInputException e) {
            throw new FleetException(path + ": not UTF-8 text", e);
        } catch (IOException e) {
            throw new FleetException(path + ": cannot be read (" + e + ")", e);
        }
    }

    /** @param source named in front of each line number */
    public static FleetFile parse(String source, String text) {
        return new Parser(source, Path.of("")).parse(text);
    }

    private record Value(String text, int line) {}

    private record Section(String name, int line, Map<String, Value> values) {}

    private static final class Parser {
        private final String source;
        /** Where files that it names are looked for. */
        private final Path folder;

        private final List<String> problems = new ArrayList<>();

        Parser(String source, Path folder) {
            this.source = source;
            this.folder = folder;
        }

        FleetFile parse(String text) {
            Map<String, Section> sections = sections(text);
            Section general = sections.remove("general");
            boolean realPorts = general != null && general(general);
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
            List<Entry> entries = new ArrayList<>();
            deckies.forEach((name, section) -> entries.addAll(decky(section, options)));
            options.forEach((name, list) -> {
                if (!deckies.containsKey(name)) {
                    list.forEach(section ->
                            problem(section.line(), "[" + section.name() + "]: there is no section [" + name + "]"));
                }
            });
            duplicates(entries);
            if (entries.isEmpty() && problems.isEmpty()) {
                problems.add(source + ": no decky sections found; write for example [web] and archetype = web-server");
            }
            if (!problems.isEmpty()) {
                throw new FleetException(problems);
            }
            return new FleetFile(realPorts, entries);
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
                            .putIfAbsent(
                                    key, new Value(line.substring(equals + 1).strip(), number));
                    if (before != null) {
                        problem(number, key + " is already set in line " + before.line());
                    }
                }
            }
            return sections;
        }

        private boolean general(Section section) {
            unknownKeys(section, GENERAL_KEYS);
            Value driver = section.values().get("driver");
            if (driver != null && !driver.text().equals("loopback")) {
                problem(driver.line(), "driver: " + Snippet.of(driver.text()) + ": this version knows loopback only");
            }
            Value ports = section.values().get("real-ports");
            if (ports != null && !List.of("yes", "no").contains(ports.text())) {
                problem(ports.line(), "real-ports: " + Snippet.of(ports.text()) + ": expected yes or no");
            }
            return ports != null && ports.text().equals("yes");
        }

        private List<Entry> decky(Section section, Map<String, List<Section>> options) {
            unknownKeys(section, DECKY_KEYS);
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
            List<Entry> entries = new ArrayList<>();
            for (int i = 1; i <= amount && archetype.isPresent(); i++) {
                String name = amount == 1 ? section.name() : String.format("%s-%02d", section.name(), i);
                try {
                    entries.add(new Entry(new DeckyName(name), archetype.get(), distribution, address, services));
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
                problem(
                        value.line(),
                        "archetype: " + Snippet.of(value.text()) + ": expected one of " + Archetype.slugs());
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
                if (amount >= 1 && amount <= MAX_AMOUNT) {
                    return amount;
                }
            } catch (NumberFormatException e) {
                // said below, as for a number out of range
            }
            problem(
                    value.line(),
                    "amount: " + Snippet.of(value.text()) + ": expected a whole number from 1 to " + MAX_AMOUNT);
            return 1;
        }

        private Optional<InetAddress> address(Section section, int amount) {
            Value value = section.values().get("ip");
            if (value == null) {
                return Optional.empty();
            }
            if (amount > 1) {
                problem(value.line(), "ip cannot be combined with amount = " + amount);
                return Optional.empty();
            }
            try {
                InetAddress address = InetAddress.ofLiteral(value.text());
                if (LoopbackAddresses.allowed(address)) {
                    return Optional.of(address);
                }
            } catch (IllegalArgumentException e) {
                // said below, as for an address out of range
            }
            problem(
                    value.line(),
                    "ip: " + Snippet.of(value.text())
                            + ": driver loopback needs an address of 127.0.0.0/8 from 127.0.1.1 on");
            return Optional.empty();
        }

        private void duplicates(List<Entry> entries) {
            Map<String, DeckyName> seen = new HashMap<>();
            for (Entry entry : entries) {
                DeckyName same = seen.putIfAbsent("name " + entry.name(), entry.name());
                if (same != null) {
                    problems.add(source + ": two deckies are called " + same);
                }
                entry.address().ifPresent(address -> {
                    DeckyName other = seen.putIfAbsent("ip " + address, entry.name());
                    if (other != null) {
                        problems.add(source + ": " + other + " and " + entry.name() + " have the same address");
                    }
                });
            }
        }

        private void unknownKeys(Section section, List<String> known) {
            section.values().forEach((key, value) -> {
                if (!known.contains(key)) {
                    problem(
                            value.line(),
                            "unknown key " + Snippet.of(key) + " in [" + section.name() + "]; known are "
                                    + String.join(", ", known));
                }
            });
        }

        private void problem(int line, @org.jspecify.annotations.Nullable String text) {
            problems.add(source + ":" + line + ": " + text);
        }
    }
}
