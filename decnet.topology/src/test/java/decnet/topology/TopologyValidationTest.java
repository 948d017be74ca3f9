package decnet.topology;

import static decnet.topology.Drawings.at;
import static decnet.topology.Drawings.lan;
import static decnet.topology.Drawings.member;
import static decnet.topology.Drawings.replace;
import static decnet.topology.Drawings.small;
import static decnet.topology.Drawings.topology;
import static decnet.topology.Drawings.with;
import static org.assertj.core.api.Assertions.assertThat;

import decnet.core.DeckyName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TopologyValidationTest {
    private static final Surroundings AROUND = Drawings.around(Drawings.host());

    /** A wrong topology, the code that says so, and what is around it. */
    private record Wrong(String what, String code, Topology topology, Surroundings around) {
        Wrong(String what, String code, Topology topology) {
            this(what, code, topology, AROUND);
        }
    }

    @Test
    void aProperTopologyHasNoIssue() {
        assertThat(TopologyValidation.check(small(), AROUND)).isEmpty();
        assertThat(TopologyValidation.check(small(), Drawings.around(Drawings.host(), small())))
                .as("it does not collide with itself")
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void whatIsWrongIsFound(String what, String code, Topology topology, Surroundings around) {
        assertThat(TopologyValidation.check(topology, around))
                .extracting(Issue::code)
                .contains(code);
    }

    @Test
    void eachCodeHasItsMessage() {
        StringBuilder all = new StringBuilder();
        for (Wrong one : cases()) {
            all.append("# ").append(one.what()).append('\n');
            TopologyValidation.check(one.topology(), one.around()).stream()
                    .filter(issue -> issue.code().equals(one.code()))
                    .forEach(issue -> all.append(issue).append('\n'));
        }

        Golden.check("topology-issues.txt", Drawings.withoutCatalogue(all.toString()));
    }

    @Test
    void everyCodeIsTestedAndDocumented() throws IOException {
        Set<String> inCode = new TreeSet<>();
        for (String rules : List.of("GraphRules", "AddressRules", "NetworkRules", "ServiceRules")) {
            Path source = root().resolve("decnet.topology/src/main/java/decnet/topology/" + rules + ".java");
            Matcher code = Pattern.compile("\"([A-Z0-9]+(?:_[A-Z0-9]+)+)\"").matcher(Files.readString(source));
            while (code.find()) {
                inCode.add(code.group(1));
            }
        }
        Set<String> documented = new TreeSet<>();
        Matcher row = Pattern.compile("(?m)^\\| `([A-Z0-9_]+)` ")
                .matcher(Files.readString(root().resolve("docs/topologies.md")));
        while (row.find()) {
            documented.add(row.group(1));
        }

        Set<String> tested = new TreeSet<>(cases().stream().map(Wrong::code).toList());
        assertThat(tested).isEqualTo(inCode);
        assertThat(documented).isEqualTo(inCode);
    }

    private static Path root() {
        return Files.isDirectory(Path.of("docs")) ? Path.of("") : Path.of("..");
    }

    @Test
    void errorsComeFirstAndThereIsAnEndToThem() {
        Topology many = topology(
                "lab",
                List.of(),
                IntStream.range(0, 3_000)
                        .mapToObj(i -> member("x", "toaster", false))
                        .toList());

        List<Issue> issues = TopologyValidation.check(many, AROUND);

        assertThat(issues).hasSizeLessThanOrEqualTo(IssueList.MAX_ISSUES);
        assertThat(issues).extracting(Issue::severity).isSorted();
        assertThat(TopologyValidation.deployable(issues)).isFalse();
    }

    @Test
    void aSharedRealNetworkIsNoCollision() {
        Topology other = topology(
                "other",
                List.of(Drawings.dmz("192.168.7.0/24")),
                List.of(member("other-web", "web-server", false, at("dmz", "192.168.7.90"))));

        assertThat(TopologyValidation.check(small(), Drawings.around(Drawings.host(), active(other))))
                .isEmpty();
    }

    @Test
    void theHostsRoutesToMachinesOnTheRealNetworkAreNoCollision() {
        HostNetworks deployed = new HostNetworks(
                List.of(
                        new HostNetworks.Network("eth0", Subnet.parse("192.168.7.0/24")),
                        new HostNetworks.Network("shim0", Subnet.parse("192.168.7.20/32"))),
                List.of(Drawings.address("192.168.7.2")),
                List.of());

        assertThat(TopologyValidation.check(small(), Drawings.around(deployed))).isEmpty();
    }

    static Stream<Arguments> wrong() {
        return cases().stream().map(one -> Arguments.of(one.what(), one.code(), one.topology(), one.around()));
    }

    private static List<Wrong> cases() {
        List<Wrong> all = new ArrayList<>();
        graph(all);
        addresses(all);
        networks(all);
        services(all);
        return all;
    }

    private static void graph(List<Wrong> all) {
        TopologyLan dmz = small().design().lan("dmz").orElseThrow();
        all.add(new Wrong(
                "no DMZ",
                "DMZ_MISSING",
                replace(
                        small(),
                        new TopologyLan(
                                "dmz", dmz.subnet(), Optional.empty(), false, Optional.empty(), Optional.empty()))));
        all.add(new Wrong(
                "two DMZs",
                "DMZ_MULTIPLE",
                with(
                        small(),
                        new TopologyLan(
                                "dmz-2",
                                "172.16.3.0/24",
                                Optional.empty(),
                                true,
                                Optional.empty(),
                                Optional.empty()))));
        all.add(new Wrong(
                "a LAN that nothing leads to",
                "DMZ_ORPHAN",
                with(
                        with(small(), lan("island", "172.16.3.0/24")),
                        member("lab-alone", "plc", false, at("island", "172.16.3.10")))));
        all.add(new Wrong(
                "a LAN that only a shell leads to",
                "DMZ_ORPHAN",
                replace(
                        replace(small(), lan("plant", "172.16.2.0/24")),
                        member(
                                "lab-jump",
                                "linux-server",
                                false,
                                at("plant", "172.16.2.1"),
                                at("office", "172.16.1.31")))));
        all.add(new Wrong("a decky without LAN", "DECKY_ORPHAN", with(small(), member("lab-x", "plc", false))));
        all.add(new Wrong("a LAN without decky", "LAN_EMPTY", with(small(), lan("empty", "172.16.3.0/24"))));
        all.add(new Wrong("two LANs of one name", "LAN_NAME_DUP", with(small(), lan("office", "172.16.3.0/24"))));
        all.add(new Wrong(
                "two deckies of one name",
                "DECKY_NAME_DUP",
                with(small(), member("lab-plc", "plc", false, at("office", "172.16.1.77")))));
        all.add(new Wrong(
                "a LAN with a name for the screen",
                "LAN_NAME_MALFORMED",
                with(small(), lan("Office \u001b[31m", "172.16.3.0/24"))));
        all.add(new Wrong(
                "a decky with a name of a file",
                "DECKY_NAME_MALFORMED",
                with(small(), member("../x", "plc", false, at("office", "172.16.1.77")))));
        all.add(new Wrong(
                "a decky that another topology has deployed",
                "DECKY_NAME_TAKEN",
                small(),
                Drawings.around(
                        Drawings.host(),
                        active(topology(
                                "other", List.of(), List.of(member("lab-plc", "plc", false, at("x", "10.9.9.9"))))))));
        all.add(new Wrong(
                "a decky that another topology is to have",
                "DECKY_NAME_TAKEN",
                small(),
                Drawings.around(
                        Drawings.host(),
                        topology("other", List.of(), List.of(member("lab-plc", "plc", false, at("x", "10.9.9.9")))))));
        all.add(new Wrong(
                "a decky that is in the fleet",
                "DECKY_NAME_TAKEN",
                small(),
                new Surroundings(
                        new Fleet(
                                3,
                                List.of(),
                                List.of(new Decky(
                                        new DeckyName("lab-web"),
                                        persona(),
                                        Drawings.address("127.4.4.4"),
                                        List.of()))),
                        List.of(),
                        Drawings.host())));
        all.add(new Wrong(
                "a router with one LAN",
                "ROUTER_SINGLE",
                with(small(), member("lab-x", "linux-server", true, at("office", "172.16.1.77")))));
        all.add(new Wrong(
                "twice on one LAN",
                "ATTACHMENT_DUP",
                with(
                        small(),
                        member("lab-x", "plc", false, at("office", "172.16.1.77"), at("office", "172.16.1.78")))));
        all.add(new Wrong(
                "65 LANs",
                "LIMIT_EXCEEDED",
                with(
                        small(),
                        IntStream.range(0, 62)
                                .mapToObj(i -> lan("x-" + i, "172.20." + i + ".0/24"))
                                .toArray(TopologyLan[]::new))));
    }

    private static void addresses(List<Wrong> all) {
        all.add(attached("on a LAN that does not exist", "IP_UNKNOWN_LAN", at("offce", "172.16.1.77")));
        all.add(attached("no address", "IP_MISSING", at("office", "")));
        all.add(attached("no address at all", "IP_MALFORMED", at("office", "172.16.1.300")));
        all.add(attached("IPv6 for IPv4", "IP_MALFORMED", at("office", "fd00::1")));
        all.add(attached("elsewhere", "IP_OUT_OF_SUBNET", at("office", "172.16.2.77")));
        all.add(attached(
                "IPv6 on a LAN without",
                "IP_OUT_OF_SUBNET",
                new TopologyAttachment("office", "172.16.1.77", Optional.of("fd00::1"), 0, 0)));
        all.add(attached("the lowest address", "IP_RESERVED", at("office", "172.16.1.0")));
        all.add(attached("the broadcast address", "IP_RESERVED", at("office", "172.16.1.255")));
        all.add(attached("the router of the real network", "IP_RESERVED", at("dmz", "192.168.7.1")));
        all.add(attached("somebody else's", "IP_COLLISION", at("office", "172.16.1.30")));
        all.add(attached(
                "a bad line",
                "LINK_OUT_OF_RANGE",
                new TopologyAttachment("office", "172.16.1.77", Optional.empty(), 9_000, 0)));
        all.add(new Wrong("no network", "SUBNET_MALFORMED", with(small(), lan("x", "172.16.3.0"))));
        all.add(new Wrong("bits behind the prefix", "SUBNET_MALFORMED", with(small(), lan("x", "172.16.3.1/24"))));
        all.add(new Wrong("IPv6 as subnet", "SUBNET_MALFORMED", with(small(), lan("x", "fd00::/64"))));
        all.add(new Wrong("too small", "SUBNET_MALFORMED", with(small(), lan("x", "172.16.3.0/31"))));
        all.add(new Wrong("two that overlap", "SUBNET_OVERLAP", with(small(), lan("x", "172.16.1.128/25"))));
        all.add(new Wrong("no gateway", "GATEWAY_MISSING", replace(small(), lan("office", "172.16.1.0/24"))));
        all.add(new Wrong(
                "a gateway elsewhere",
                "GATEWAY_MALFORMED",
                replace(small(), lan("office", "172.16.1.0/24", "172.16.2.1"))));
        all.add(new Wrong(
                "a gateway that is nobody",
                "GATEWAY_UNKNOWN",
                replace(small(), lan("office", "172.16.1.0/24", "172.16.1.254"))));
        all.add(new Wrong(
                "a gateway that does not forward",
                "GATEWAY_UNKNOWN",
                replace(small(), lan("office", "172.16.1.0/24", "172.16.1.30"))));
    }

    private static void networks(List<Wrong> all) {
        TopologyLan dmz = small().design().lan("dmz").orElseThrow();
        all.add(new Wrong(
                "an uplink within",
                "GATEWAY_NOT_IN_DMZ",
                replace(small(), lan("office", "172.16.1.0/24", "172.16.1.1").withUplink("eth0"))));
        all.add(new Wrong("an uplink with a space", "UPLINK_MALFORMED", replace(small(), dmz.withUplink("eth 0"))));
        all.add(new Wrong("an uplink that is not there", "UPLINK_UNKNOWN", replace(small(), dmz.withUplink("eth7"))));
        all.add(new Wrong(
                "no uplink",
                "UPLINK_MISSING",
                replace(
                        small(),
                        new TopologyLan("dmz", dmz.subnet(), Optional.empty(), true, Optional.empty(), dmz.gateway())),
                Surroundings.NONE));
        all.add(new Wrong(
                "another network than at the uplink",
                "UPLINK_SUBNET",
                small(),
                Drawings.around(new HostNetworks(
                        List.of(new HostNetworks.Network("eth0", Subnet.parse("10.0.0.0/24"))),
                        List.of(Drawings.address("10.0.0.4")),
                        List.of()))));
        all.add(new Wrong(
                "a network of the host",
                "SUBNET_TAKEN",
                small(),
                Drawings.around(new HostNetworks(
                        List.of(
                                new HostNetworks.Network("eth0", Subnet.parse("192.168.7.0/24")),
                                new HostNetworks.Network("docker0", Subnet.parse("172.16.0.0/16"))),
                        List.of(),
                        List.of()))));
        Topology other = topology(
                "other",
                List.of(lan("x", "172.16.2.0/25")),
                List.of(member("other-x", "plc", false, at("x", "172.16.2.40"))));
        all.add(new Wrong(
                "a network, and an address, of an active topology",
                "IP_TAKEN",
                small(),
                Drawings.around(Drawings.host(), active(other))));
        all.add(new Wrong(
                "a network of a topology that is to come",
                "SUBNET_TAKEN",
                small(),
                Drawings.around(Drawings.host(), other)));
        all.add(attached("an address of this host", "IP_TAKEN", at("dmz", "192.168.7.2")));
    }

    private static void services(List<Wrong> all) {
        all.add(service("no archetype", "UNKNOWN_ARCHETYPE", "toaster", Optional.empty(), List.of("http"), Map.of()));
        all.add(service(
                "a system that does not fit",
                "UNKNOWN_DISTRIBUTION",
                "plc",
                Optional.of("windows11"),
                List.of("http"),
                Map.of()));
        all.add(service("no service", "UNKNOWN_SERVICE", "plc", Optional.empty(), List.of("gopher", "http"), Map.of()));
        all.add(service("a service twice", "SERVICE_DUP", "plc", Optional.empty(), List.of("http", "http"), Map.of()));
        all.add(service("nothing offered", "SERVICE_NONE", "plc", Optional.empty(), List.of(), Map.of()));
        all.add(service(
                "options of a service that is not there",
                "SERVICE_CFG_UNDECLARED",
                "plc",
                Optional.empty(),
                List.of("http"),
                Map.of("ssh", Map.of())));
        Map<String, String> options = new LinkedHashMap<>();
        options.put("server", "iis");
        options.put("colour", "red");
        all.add(service(
                "bad options",
                "SERVICE_CFG_INVALID",
                "plc",
                Optional.empty(),
                List.of("http", "custom-x", "ssh"),
                Map.of(
                        "http",
                        options,
                        "custom-x",
                        Map.of("tls", "yes", "transport", "udp", "script", "dance"),
                        "ssh",
                        Map.of("user", "joe"))));
        all.add(service(
                "two at one port",
                "PORT_COLLISION",
                "plc",
                Optional.empty(),
                List.of("http", "custom-x"),
                Map.of("custom-x", Map.of("port", "80"))));
    }

    private static Wrong attached(String what, String code, TopologyAttachment attachment) {
        return new Wrong(what, code, with(small(), member("lab-x", "plc", false, attachment)));
    }

    private static Wrong service(
            String what,
            String code,
            String archetype,
            Optional<String> distribution,
            List<String> services,
            Map<String, Map<String, String>> options) {
        return new Wrong(
                what,
                code,
                with(
                        small(),
                        new TopologyMember(
                                "lab-x",
                                archetype,
                                distribution,
                                services,
                                options,
                                List.of(at("office", "172.16.1.77")),
                                false)));
    }

    private static Topology active(Topology topology) {
        return new Topology(topology.name(), 1, TopologyStatus.ACTIVE, List.of(), topology.design(), Optional.empty());
    }

    private static Persona persona() {
        InstallationSecret secret = InstallationSecret.of(new byte[32]);
        PersonaMaker maker = new PersonaMaker(secret, java.time.Instant.EPOCH, () -> {
            throw new IllegalStateException("no certificate is needed");
        });
        return maker.make(
                        List.of(new PersonaMaker.Wanted(
                                new DeckyName("lab-web"),
                                Archetype.find("iot-device").orElseThrow(),
                                Optional.empty(),
                                Set.of("telnet"),
                                false,
                                Optional.empty())),
                        List.of())
                .getFirst();
    }
}
