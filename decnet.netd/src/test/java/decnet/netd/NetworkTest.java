package decnet.netd;

import static decnet.netd.Ground.address;
import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import decnet.core.Config;
import decnet.core.DeckyName;
import decnet.linux.Namespace;
import decnet.topology.ActualFleet;
import decnet.topology.Fleet;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkTest {
    private static final MachineObserver NOBODY = new MachineObserver() {
        @Override
        public void arrived(Machine machine) {
            assertThat(machine.spec()).isNotNull();
        }

        @Override
        public void leaving(DeckyName name) {
            assertThat(name.text()).isNotEmpty();
        }
    };

    @TempDir
    Path folder;

    private Network network() {
        return new Network(
                new NetworkNames(String.format("%06x", ProcessHandle.current().pid() & 0xffffff)),
                NetdConfig.from(Config.of(Map.of())),
                folder.resolve("netd.made"),
                NOBODY,
                InstantSource.system());
    }

    private static boolean reaches(Ground ground, String address, int port) throws Exception {
        return ground.fromOutside(() -> connects(address(address), port));
    }

    private static boolean connects(InetAddress address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 2_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void machinesAreThereAtTheirAddressesAndGoWithoutATrace(boolean bridge) throws Exception {
        try (Ground ground = Ground.laid(bridge, 1);
                Network network = network()) {
            Fleet fleet = ground.fleet(folder.resolve("fleet"), 3);
            network.converge(fleet);
            await(Duration.ofSeconds(10), () -> assertThat(network.actual().machines())
                    .allSatisfy(machine -> assertThat(machine.problems()).isEmpty()));
            assertThat(reaches(ground, "10.97.7.10", 80)).isTrue();
            assertThat(reaches(ground, "10.97.7.12", 80)).isTrue();
            await(Duration.ofSeconds(10), () -> assertThat(reaches(ground, "fd97:7::11", 80))
                    .isTrue());
            assertThat(connects(address("10.97.7.11"), 80)).as("from this host").isTrue();
            ground.fromOutside(() -> {
                assertThatIOException()
                        .isThrownBy(() -> {
                            try (Socket socket = new Socket()) {
                                socket.connect(new InetSocketAddress(address("10.97.7.10"), 81), 2_000);
                            }
                        })
                        .isInstanceOf(ConnectException.class)
                        .withMessageContaining("refused");
                String neighbours = Ground.ip("neigh", "show", "10.97.7.10");
                assertThat(neighbours).contains(fleet.deckies().getFirst().mac(0));
                return null;
            });
            network.converge(new Fleet(2, List.of(), List.of()));
            assertThat(reaches(ground, "10.97.7.10", 80)).isFalse();
            network.removeAll();
            assertThat(traces()).isEmpty();
        }
    }

    private List<String> traces() throws IOException {
        String tag = network().names().tag();
        try (Stream<Path> namespaces = Files.list(Path.of("/run/netns"));
                Stream<Path> links = Files.list(Path.of("/sys/class/net"))) {
            return Stream.concat(namespaces, links)
                    .map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> name.contains(tag))
                    .toList();
        }
    }

    @Test
    void aRestartTakesOverWhatIsThereAndAHalfMadeOneIsMadeAnew() throws Exception {
        try (Ground ground = Ground.laid(false, 2)) {
            Fleet fleet = ground.fleet(folder.resolve("fleet"), 2);
            String whole;
            try (Network network = network()) {
                network.converge(fleet);
                whole = inode(network, 0, fleet);
            } // as after kill -9: nothing is taken away
            try (Namespace second = Namespace.named(
                    network().names().namespace(fleet.deckies().get(1).name()))) {
                second.call(() -> Ground.ip("link", "del", "eth0"));
            }
            try (Network network = network()) {
                network.converge(fleet);
                assertThat(inode(network, 0, fleet)).isEqualTo(whole);
                assertThat(network.actual().machines())
                        .allSatisfy(machine -> assertThat(machine.problems()).isEmpty());
                assertThat(reaches(ground, "10.97.7.11", 80)).isTrue();
                network.removeAll();
            }
            assertThat(traces()).isEmpty();
        }
    }

    private static String inode(Network network, int machine, Fleet fleet) throws IOException {
        return Files.readAttributes(
                        Path.of(
                                "/run/netns",
                                network.names()
                                        .namespace(fleet.deckies().get(machine).name())),
                        "unix:ino")
                .toString();
    }

    @Test
    void anAddressThatSomebodyHasIsLeftToHim() throws Exception {
        try (Ground ground = Ground.laid(false, 3);
                Network network = network()) {
            ground.fromOutside(() -> Ground.ip("addr", "add", "10.97.7.11/24", "dev", "wire"));
            String mac = ground.fromOutside(() -> Ground.ip("-br", "link", "show", "wire"))
                    .split("\\s+")[2];
            network.converge(ground.fleet(folder.resolve("fleet"), 2));
            List<ActualFleet.Machine> machines = network.actual().machines();
            assertThat(machines.get(0).problems()).isEmpty();
            assertThat(machines.get(1).problems())
                    .singleElement()
                    .asString()
                    .startsWith("address 10.97.7.11 is in use by " + mac);
            network.removeAll();
        }
    }

    @Test
    void whatIsTakenAwayIsToldAndMadeAnewWhenAskedFor() throws Exception {
        try (Ground ground = Ground.laid(true, 4);
                Network network = network()) {
            Fleet fleet = ground.fleet(folder.resolve("fleet"), 2);
            DeckyName first = fleet.deckies().getFirst().name();
            network.converge(fleet);
            Ground.ip("-n", network.names().namespace(first), "link", "del", "eth0");
            assertThat(network.actual().machines().getFirst().problems())
                    .containsExactly("its interface eth0 is missing");
            assertThat(network.actual().machines().get(1).problems()).isEmpty();
            network.discard(Set.of(first));
            network.converge(fleet);
            assertThat(network.actual().machines())
                    .allSatisfy(machine -> assertThat(machine.problems()).isEmpty());
            network.removeAll();
        }
    }

    @Test
    void anInterfaceThatIsNotThereIsNamed() throws Exception {
        try (Ground ground = Ground.laid(true, 5);
                Network network = network()) {
            Fleet fleet = ground.fleet(folder.resolve("fleet"), 1);
            Ground.ip("link", "del", ground.uplink());
            network.converge(fleet);
            assertThat(network.actual().machines().getFirst().problems())
                    .containsExactly("there is no interface " + ground.uplink() + " on this host");
        }
    }
}
