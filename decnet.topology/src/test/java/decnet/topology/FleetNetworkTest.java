package decnet.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.DeckyName;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FleetNetworkTest {
    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    private static final HostNetwork HOST = new HostNetwork(
            List.of(
                    new HostNetwork.Interface(
                            "eth0",
                            Optional.of(address("192.168.7.20")),
                            Optional.of(Subnet.parse("192.168.7.0/24")),
                            Optional.of(address("192.168.7.1"))),
                    new HostNetwork.Interface("eth1", Optional.empty(), Optional.empty(), Optional.empty())),
            Optional.of("eth0"));
    private static final FleetNetwork.Defaults DEFAULTS =
            new FleetNetwork.Defaults(Optional.empty(), Optional.empty(), Optional.empty(), HOST);

    @TempDir
    Path folder;

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    private static FleetFile parse(String text) {
        return FleetFile.parse("f", text, DEFAULTS);
    }

    private FleetPlan plan(String text) {
        return FleetPlan.make(parse(text), new FleetStore(folder.resolve("fleet")), secret(), NOW);
    }

    private InstallationSecret secret() {
        return InstallationSecret.of(new byte[32]);
    }

    private Fleet apply(FleetPlan plan) {
        return plan.apply(new FleetStore(folder.resolve("fleet"))).orElseThrow();
    }

    @Test
    void whatTheFileDoesNotSayTheHostDoes() {
        FleetNetwork network =
                parse("[general]\ndriver = netns\n[a]\nservices = http\n").network();

        assertThat(network.lan())
                .contains(new Lan(
                        "lan",
                        Subnet.parse("192.168.7.0/24"),
                        Optional.empty(),
                        Optional.of("eth0"),
                        Optional.of(address("192.168.7.1"))));
        assertThat(network.realPorts()).isTrue();
    }

    @Test
    void machinesGetTheLowestFreeAddressesAndTheirUsualPorts() {
        Fleet fleet = apply(plan("""
            [general]
            interface = eth0
            subnet6 = fd00:7::/64
            reserve = 192.168.7.2-192.168.7.9, 192.168.7.12
            mutate-interval = 12h
            [web]
            archetype = web-server
            services = http
            amount = 3
            [one]
            services = ssh
            ip = 192.168.7.11
            stack = windows-server
            mutate-interval = never
            """));

        assertThat(fleet.deckies())
                .extracting(decky -> decky.name() + " " + decky.address().getHostAddress())
                .containsExactly(
                        "one 192.168.7.11", "web-01 192.168.7.10", "web-02 192.168.7.13", "web-03 192.168.7.14");
        Decky web = fleet.decky(new DeckyName("web-01")).orElseThrow();
        assertThat(web.services().getFirst().ports()).containsExactly(ServicePort.tcp(80));
        assertThat(web.placement().attachments())
                .containsExactly(new Attachment(
                        "lan", address("192.168.7.10"), Optional.of(address("fd00:7::70a")), Link.PERFECT));
        assertThat(web.persona().site().address()).isEqualTo("192.168.7.10");
        assertThat(web.rotation().every()).contains(Duration.ofHours(12));
        Decky one = fleet.decky(new DeckyName("one")).orElseThrow();
        assertThat(one.stack()).isEqualTo(OsFamily.WINDOWS_SERVER);
        assertThat(one.rotation().every()).isEmpty();
        assertThat(new FleetStore(folder.resolve("fleet")).read()).isEqualTo(fleet);
    }

    @Test
    void aMachineKeepsItsAddressWhenOthersComeAndGo() {
        String head = "[general]\ndriver = netns\n";
        apply(plan(head + "[b]\nservices = http\n[c]\nservices = http\n"));
        FleetPlan second = plan(head + "[a]\nservices = http\n[c]\nservices = http\n");

        assertThat(second.result())
                .extracting(decky -> decky.name() + " " + decky.address().getHostAddress())
                .containsExactly("a 192.168.7.2", "c 192.168.7.3");
        assertThat(second.changed()).isEmpty();
        assertThat(second.removed()).containsExactly(new DeckyName("b"));
    }

    @Test
    void oneMoreTouchesNobodyElse() {
        String head = "[general]\ndriver = netns\n";
        Fleet before = apply(plan(head + "[a]\nservices = http\n[b]\nservices = http\n"));
        FleetPlan more = FleetPlan.adding(
                parse(head + "[c]\nservices = ssh\n"), new FleetStore(folder.resolve("fleet")), secret(), NOW);
        Fleet after = apply(more);

        assertThat(more.added()).containsExactly(new DeckyName("c"));
        assertThat(after.deckies()).containsAll(before.deckies()).hasSize(3);
    }

    @Test
    void aFullSubnetNamesWhoGotNothing() {
        assertThatThrownBy(() -> plan("""
            [general]
            driver = netns
            subnet = 192.168.7.0/29
            gateway = 192.168.7.1
            [a]
            services = http
            amount = 7
            """)).isInstanceOfSatisfying(FleetException.class, e -> assertThat(e.problems())
                .containsExactly(
                        "decky a-06: no address is free in 192.168.7.0/29; take a larger subnet, or reserve fewer"
                                + " addresses",
                        "decky a-07: no address is free in 192.168.7.0/29; take a larger subnet, or reserve fewer"
                                + " addresses"));
    }

    /** Every problem in one report, with line, key and what is allowed. */
    @Test
    void everyKindOfErrorIsNamed() {
        assertThatThrownBy(() -> parse("""
            [general]
            interface = eth9
            subnet = 10.0.0.0/33
            subnet6 = fd00::/64x
            gateway = here
            reserve = 10.0.0.9-10.0.0.1, x
            colour = red
            [a]
            archetype = toaster
            [b]
            services = http, gopher
            amount = 2
            ip = 192.168.7.9
            [c]
            services = http
            stack = amiga
            mutate-interval = 5
            distro = beos
            """)).isInstanceOfSatisfying(FleetException.class, e -> assertThat(e.problems())
                .map(problem -> problem.replaceFirst("(expected (one|some) of).*", "$1 …"))
                .containsExactly(
                        "f:2: interface: \"eth9\": expected one of …",
                        "f:3: subnet: prefix length 33: expected 0 to 32",
                        "f:4: subnet6: \"fd00::/64x\": expected ADDRESS/LENGTH, as 192.168.1.0/24",
                        "f:5: gateway: \"here\": expected an address",
                        "f:6: reserve: 10.0.0.9-10.0.0.1: expected the lower address first",
                        "f:6: reserve: \"x\": expected ADDRESS, ADDRESS-ADDRESS or ADDRESS/LENGTH",
                        "f:7: unknown key \"colour\" in [general]; known are driver, real-ports, interface,"
                                + " subnet, subnet6, gateway, reserve, mutate-interval",
                        "f:9: archetype: \"toaster\": expected one of …",
                        "f:11: services: \"gopher\": expected some of …",
                        "f:13: ip cannot be combined with amount = 2",
                        "f:16: stack: \"amiga\": expected one of …",
                        "f:17: mutate-interval: \"5\": expected never, or a time from 1m to 366d, as 30m, 12h"
                                + " or 7d",
                        "f:18: distro: \"beos\": expected one of …"));
    }

    @Test
    void addressesThatCannotBeAreNamed() {
        assertThatThrownBy(() -> parse("""
            [general]
            driver = netns
            [a]
            services = http
            ip = 192.168.8.1
            [b]
            services = http
            ip = 192.168.7.255
            [c]
            services = http
            ip = 192.168.7.1
            [d]
            services = http
            ip = 192.168.7.20
            ip6 = fd00::1
            [e]
            services = http
            ip = 192.168.7.9
            [g]
            services = http
            ip = 192.168.7.9
            """)).isInstanceOfSatisfying(FleetException.class, e -> assertThat(e.problems())
                .containsExactly(
                        "f:5: ip: \"192.168.8.1\": expected an address of a machine in 192.168.7.0/24",
                        "f:8: ip: \"192.168.7.255\": expected an address of a machine in 192.168.7.0/24",
                        "f:11: ip: \"192.168.7.1\": it is the gateway's, this host's, or one of reserve",
                        "f:14: ip: \"192.168.7.20\": it is the gateway's, this host's, or one of reserve",
                        "f:15: ip6: \"fd00::1\": only with driver = netns and subnet6",
                        "f: e and g have the same address"));
    }
}
