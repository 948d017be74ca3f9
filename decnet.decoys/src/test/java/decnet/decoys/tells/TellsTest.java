package decnet.decoys.tells;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.Config;
import decnet.core.Counters;
import decnet.decoys.DecoyServices;
import decnet.decoys.DecoysConfig;
import decnet.decoys.Engine;
import decnet.topology.Archetype;
import decnet.topology.Decky;
import decnet.topology.DeckyService;
import decnet.topology.FleetFile;
import decnet.topology.FleetPlan;
import decnet.topology.FleetStore;
import decnet.topology.InstallationSecret;
import decnet.topology.Persona;
import decnet.topology.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Looks at fifty machines of all archetypes from outside, as public detection kits do: nothing gives one away, nothing groups them. Names
 * of tests carry the number of the check in {@code docs/realism.md}.
 */
class TellsTest {
    private static final int MACHINES = 50;
    /** What scanners count on one address. */
    private static final Set<String> LURES = Set.of(
            "ssh",
            "telnet",
            "ftp",
            "http",
            "smb",
            "redis",
            "smtp",
            "vnc",
            "sip",
            "mysql",
            "postgres",
            "git",
            "rdp",
            "httpproxy",
            "mssql",
            "mongodb");
    /** Ports of one well-known honeypot's default set. */
    private static final Set<Integer> CANARY_PORTS =
            Set.of(21, 22, 23, 80, 445, 1433, 3306, 3389, 5060, 5900, 6379, 8080);

    private static final Set<Integer> KNOWN_PORTS = Set.of(2222, 2223, 8081, 1445, 64_294, 64_295, 64_296, 64_297);
    private static final List<String> OURS = List.of(
            "decnet",
            "decky",
            "decoy",
            "honey",
            "canary",
            "cowrie",
            "twisted",
            "werkzeug",
            "netty",
            "akiaiosfodnn7example",
            "sshd-core",
            "java");

    private static volatile Instant now = Instant.parse("2026-03-04T05:06:07Z");
    private static final InstantSource CLOCK = () -> now;

    private static Path state;
    private static List<Decky> deckies;
    private static Engine engine;
    /** Everything every machine says to a scanner, by machine and question. */
    private static Map<Decky, Map<String, String>> said;

    @BeforeAll
    static void scanEverything() throws Exception {
        state = Files.createTempDirectory("decnet-tells");
        deckies = fleet(state);
        engine = engine();
        assertThat(engine.serve(deckies)).isEmpty();
        said = new LinkedHashMap<>();
        for (Decky decky : deckies) {
            said.put(decky, scan(decky));
        }
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static List<Decky> fleet(Path folder) {
        List<Archetype> kinds = Archetype.all().stream()
                .filter(archetype -> !archetype.offered().isEmpty())
                .toList();
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < MACHINES; i++) {
            Archetype kind = kinds.get(i % kinds.size());
            file.append("[unit-")
                    .append(i)
                    .append("]\narchetype = ")
                    .append(kind.slug())
                    .append('\n');
        }
        FleetStore store = new FleetStore(folder.resolve("fleet"));
        return FleetPlan.make(FleetFile.parse("tells", file.toString()), store, InstallationSecret.open(folder), now)
                .apply(store)
                .orElseThrow()
                .deckies();
    }

    private static Engine engine() {
        return new Engine(
                DecoysConfig.from(Config.of(Map.of())),
                event -> true,
                content -> Optional.empty(),
                CLOCK,
                new Counters(),
                DecoyServices.all());
    }

    private static Map<String, String> scan(Decky decky) throws IOException {
        Map<String, String> answers = new LinkedHashMap<>();
        for (DeckyService service : decky.services()) {
            switch (service.slug()) {
                case "ssh" -> answers.putAll(ssh(decky, service));
                case "http" -> {
                    for (String path : List.of("/", "/robots.txt", "/favicon.ico", "/no-such-thing")) {
                        answers.put("http " + path, http(decky, service, "GET " + path + " HTTP/1.1"));
                    }
                    answers.put("http bad version", http(decky, service, "GET / HTTP/13.37"));
                    answers.put("http bad method", http(decky, service, "QUUX / HTTP/1.1"));
                }
                case "ftp" ->
                    answers.put(
                            "ftp", Probe.whole(decky, service, "SYST\r\nFEAT\r\nHELP\r\nUSER x\r\nPASS \r\nQUIT\r\n"));
                case "redis" ->
                    answers.put("redis", Probe.whole(decky, service, "INFO\r\nFOO bar\r\nCLIENT LIST\r\nQUIT\r\n"));
                case "telnet" -> {
                    try (Probe probe = new Probe(decky, service)) {
                        answers.put("telnet", probe.refusing("login: "));
                    }
                }
                default -> {
                    // https shows its certificate, tftp nothing
                }
            }
        }
        return answers;
    }

    private static Map<String, String> ssh(Decky decky, DeckyService service) throws IOException {
        Map<String, String> answers = new HashMap<>();
        try (Probe probe = new Probe(decky, service)) {
            answers.put("ssh banner", probe.until("\r\n"));
            answers.put("ssh early", Boolean.toString(probe.hasMore()));
            probe.say("SSH-2.0-OpenSSH_9.9\r\n");
            byte[] length = probe.bytes(4);
            int packet = (length[2] & 0xff) << 8 | length[3] & 0xff;
            byte[] kexinit = probe.bytes(packet);
            // without padding length, type and cookie
            answers.put(
                    "ssh kexinit",
                    new String(kexinit, 18, kexinit.length - 18, java.nio.charset.StandardCharsets.ISO_8859_1));
        }
        answers.put("ssh 1337", Probe.whole(decky, service, "SSH-1337-OpenSSH_9.0\r\n"));
        answers.put("ssh 1.5", Probe.whole(decky, service, "SSH-1.5-x\r\n"));
        return answers;
    }

    private static String http(Decky decky, DeckyService service, String line) throws IOException {
        return Probe.whole(
                decky, service, line + "\r\nHost: " + decky.persona().fqdn() + "\r\nConnection: close\r\n\r\n");
    }

    private static List<String> answers(String question) {
        return said.values().stream()
                .flatMap(answers -> Optional.ofNullable(answers.get(question)).stream())
                .toList();
    }

    private static void assertNoDoubles(Map<Decky, String> values) {
        Map<String, List<String>> machines = values.entrySet().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue,
                        Collectors.mapping(
                                entry -> entry.getKey().name() + " "
                                        + entry.getKey().persona().archetype(),
                                Collectors.toList())));
        assertThat(machines.entrySet()).allSatisfy(entry -> assertThat(entry.getValue())
                .as("machines with %s", entry.getKey())
                .hasSize(1));
    }

    private static Map<Decky, String> each(java.util.function.Function<Persona, Optional<String>> value) {
        Map<Decky, String> values = new LinkedHashMap<>();
        deckies.forEach(decky -> value.apply(decky.persona()).ifPresent(one -> values.put(decky, one)));
        return values;
    }

    private static Map<Decky, String> found(String question, String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        Map<Decky, String> values = new LinkedHashMap<>();
        said.forEach((decky, answers) -> {
            Matcher matcher = compiled.matcher(answers.getOrDefault(question, ""));
            if (matcher.find()) {
                values.put(decky, matcher.group(1));
            }
        });
        return values;
    }

    @Test
    void g01NoMachineOffersSoMuchThatScannersCallItALure() {
        for (Archetype archetype : Archetype.all()) {
            assertThat(archetype.services().stream().filter(LURES::contains).count())
                    .as(archetype.slug())
                    .isLessThan(5);
        }
        for (Decky decky : deckies) {
            long canary = decky.services().stream()
                    .map(service -> decnet.topology.ServiceCatalogue.find(service.slug())
                            .orElseThrow()
                            .ports()
                            .getFirst()
                            .number())
                    .filter(CANARY_PORTS::contains)
                    .count();
            assertThat(canary).as(decky.persona().archetype()).isLessThan(4);
        }
    }

    @Test
    void g03NoPortThatHoneypotsAreKnownForIsOpen() {
        assertThat(deckies).allSatisfy(decky -> assertThat(decky.services())
                .flatExtracting(DeckyService::ports)
                .noneMatch(port -> KNOWN_PORTS.contains(port.number())));
    }

    @Test
    void g04CertificatesAreOfTheMachineAndOfNoOther() {
        List<Decky> secured = deckies.stream()
                .filter(decky -> decky.persona().tls().isPresent())
                .toList();
        assertThat(secured).hasSizeGreaterThan(8);
        for (Decky decky : secured) {
            X509Certificate own = decky.persona()
                    .tls()
                    .map(TlsIdentity::certificates)
                    .orElseThrow()
                    .getFirst();
            assertThat(own.getSubjectX500Principal().getName()).doesNotContain("CN=*");
            assertThat(own.getSerialNumber().signum()).isEqualTo(1);
            assertThat(own.getNotBefore().toInstant())
                    .isBetween(
                            decky.persona().installedAt().minus(Duration.ofDays(1200)), now.plus(Duration.ofDays(1)));
        }
        assertNoDoubles(each(persona -> persona.tls()
                .map(tls -> tls.certificates().getFirst().getPublicKey().toString())));
        assertNoDoubles(each(persona -> persona.tls()
                .map(tls -> tls.certificates().getFirst().getIssuerX500Principal() + " "
                        + tls.certificates().getFirst().getSerialNumber())));
    }

    @Test
    void g08ClocksMoveAndNoTwoMachinesStartedTogether() throws IOException {
        assertNoDoubles(each(persona -> Optional.of(persona.bootedAt().toString())));
        assertNoDoubles(found("redis", "uptime_in_seconds:(\\d+)"));
        Instant before = now;
        now = before.plus(Duration.ofHours(2));
        try {
            for (Decky decky : deckies.subList(0, 12)) {
                for (DeckyService service : decky.services()) {
                    if (service.slug().equals("http")) {
                        String later = http(decky, service, "GET / HTTP/1.1");
                        assertThat(later).as(decky.persona().archetype()).contains("Wed, 04 Mar 2026 07:06:07 GMT");
                    }
                }
            }
        } finally {
            now = before;
        }
    }

    @Test
    void g09NothingIsSharedThatShouldBeAMachinesOwn() {
        assertNoDoubles(each(persona -> Optional.of(persona.hostname())));
        assertNoDoubles(each(persona -> Optional.of(persona.mac())));
        assertNoDoubles(each(persona -> Optional.of(persona.site().address())));
        assertNoDoubles(each(persona -> persona.hostKeys().stream().findFirst().map(key -> key.x509())));
        assertNoDoubles(found("redis", "run_id:([0-9a-f]{40})"));
        Map<Decky, String> bait = each(persona -> persona.bait().isEmpty()
                ? Optional.empty()
                : Optional.of(persona.bait().getFirst().text()));
        assertNoDoubles(bait);
    }

    @Test
    void g10AMachineAnswersTheSameAfterARestart() throws Exception {
        engine.close();
        engine = engine();
        assertThat(engine.serve(new FleetStore(state.resolve("fleet")).read().deckies()))
                .isEmpty();
        for (Decky decky : deckies.subList(0, 20)) {
            Map<String, String> again = scan(decky);
            said.getOrDefault(decky, Map.of())
                    .forEach((question, answer) -> assertThat(settled(again.getOrDefault(question, "")))
                            .as("%s %s", decky.persona().archetype(), question)
                            .isEqualTo(settled(answer)));
        }
    }

    /** Without what a real server says anew each time: process ids, client ids, memory, counters. */
    private static String settled(String answer) {
        return answer.startsWith("$") && answer.contains("redis_version")
                ? answer.lines()
                        .filter(line -> line.matches(
                                "(redis_version|redis_build_id|os|run_id|gcc_version|config_file|executable):.*"))
                        .collect(Collectors.joining("\n"))
                : answer;
    }

    @Test
    void g12TwoRandomPairsAreNeverAccepted() throws IOException {
        for (Decky decky : deckies) {
            for (DeckyService service : decky.services()) {
                if (service.slug().equals("ftp")) {
                    for (String pair : List.of("qx7/zk3k2", "root/h8Hw-21")) {
                        String[] parts = pair.split("/");
                        assertThat(Probe.whole(
                                        decky, service, "USER " + parts[0] + "\r\nPASS " + parts[1] + "\r\nQUIT\r\n"))
                                .doesNotContain("\n230");
                    }
                }
            }
            assertThat(decky.persona().login("qx7", "zk3k2")).isEmpty();
            assertThat(decky.persona().login("root", "h8Hw-21")).isEmpty();
        }
    }

    @Test
    void ssh01To05TheServerSpeaksAsOpenSshDoes() {
        assertThat(answers("ssh banner")).isNotEmpty().allMatch(line -> line.matches("SSH-2\\.0-\\S.{3,60}\r\n"));
        assertThat(answers("ssh early")).allMatch(early -> early.equals("false"));
        assertThat(answers("ssh 1337"))
                .allMatch(answer -> answer.endsWith("\r\nInvalid SSH identification string.\r\n"));
        assertThat(answers("ssh 1.5")).allMatch(answer -> answer.endsWith("\r\nProtocol major versions differ.\r\n"));
        assertThat(answers("ssh kexinit"))
                .allMatch(lists -> !lists.contains("cast128-cbc")
                        && !lists.contains("hmac-sha2-384")
                        && !lists.contains("hmac-sha2-56")
                        && lists.contains("chacha20-poly1305@openssh.com")
                        && lists.contains("-etm@openssh.com"));
    }

    @Test
    void tel01AndTel02NoTelnetBeginsLikeAKnownDecoy() {
        assertThat(answers("telnet"))
                .isNotEmpty()
                .allMatch(bytes -> !bytes.startsWith("\u00ff\u00fd\u001f"))
                .allMatch(bytes -> !bytes.contains("User Access Verification"));
    }

    @Test
    void red02TheUnknownCommandIsAnsweredAsTheVersionDoes() {
        said.forEach((decky, answers) -> {
            String redis = answers.get("redis");
            if (redis != null) {
                boolean seven = redis.contains("redis_version:7");
                assertThat(redis)
                        .contains(
                                seven
                                        ? "-ERR unknown command 'FOO', with args beginning with: 'bar' "
                                        : "-ERR unknown command `FOO`, with args beginning with: `bar`, ");
            }
        });
    }

    @Test
    void http01EveryWebServerKeepsItsDateAndItsManners() {
        for (String question : List.of("http /", "http /no-such-thing")) {
            assertThat(answers(question)).isNotEmpty().allMatch(answer -> answer.startsWith("HTTP/1."));
        }
        assertThat(answers("http /no-such-thing"))
                .allMatch(answer -> answer.matches("(?s)HTTP/1\\.[01] [34]\\d\\d .*"));
    }

    @Test
    void ftp01TheBannerIsOfOneRealServer() {
        assertThat(answers("ftp"))
                .isNotEmpty()
                .allMatch(answer -> answer.startsWith("220 ") || answer.startsWith("220-"))
                .allMatch(answer -> !answer.startsWith("220 220"))
                .allMatch(answer ->
                        !answer.contains("Welcome to the ftp service") && !answer.contains("FTP server ready"))
                .allMatch(answer -> answer.contains("\r\n221 ") || answer.endsWith("221 Goodbye.\r\n"));
    }

    @Test
    void nothingThatIsSaidOrLaidOutContainsAWordOfOurs() {
        Set<String> words = new HashSet<>(OURS);
        deckies.forEach(decky -> words.add(decky.name().text()));
        List<String> hits = new ArrayList<>();
        for (Decky decky : deckies) {
            List<String> texts =
                    new ArrayList<>(said.getOrDefault(decky, Map.of()).values());
            decky.persona().bait().forEach(bait -> texts.add(bait.path() + "\n" + bait.text()));
            texts.add(decky.persona().fqdn());
            for (String text : texts) {
                String lower = text.toLowerCase(Locale.ROOT);
                words.stream()
                        .filter(word -> word.equals("java")
                                ? lower.contains("java/") || lower.contains("java.")
                                : lower.contains(word))
                        .forEach(word -> hits.add(decky.persona().archetype() + ": " + word + " in "
                                + text.substring(0, Math.min(60, text.length()))));
            }
        }
        assertThat(hits).isEmpty();
    }

    /** What groups machines of one owner: the same page of the same length under different names, the same tag of a file. */
    @Test
    void noTwoWebServersGiveOutTheSameEntityTag() {
        assertNoDoubles(found("http /", "(?i)\r\nETag: ([^\r]+)"));
        assertNoDoubles(found("http /favicon.ico", "(?i)\r\nETag: ([^\r]+)"));
    }
}
