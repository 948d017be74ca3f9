package decnet.workers.herd;

import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.Places;
import decnet.journal.JournalEntry;
import decnet.journal.JournalPosition;
import decnet.journal.JournalReader;
import decnet.topology.ActualFleet;
import decnet.topology.Attachment;
import decnet.topology.Decky;
import decnet.topology.DeckyService;
import decnet.topology.Fleet;
import decnet.topology.FleetFile;
import decnet.topology.FleetPlan;
import decnet.topology.FleetStore;
import decnet.topology.InstallationSecret;
import decnet.topology.Lan;
import decnet.topology.Link;
import decnet.topology.Placement;
import decnet.topology.ServicePort;
import decnet.topology.Subnet;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A fleet of two machines, what is said of it, and a clock set by hand. */
abstract class FleetCase {
    static final DeckyName WEB = new DeckyName("web");
    static final DeckyName IOT = new DeckyName("iot");
    static final String FILE = "[web]\narchetype = web-server\nservices = http, ftp\n[iot]\narchetype = iot-device\n";
    static final Duration ROUND = Duration.ofSeconds(10);

    @TempDir
    private Path folder = Path.of("replaced");

    final Counters counters = new Counters();
    final Config config = Config.of(Map.of("collect.sensor", "here"));
    Places places = new Places(folder, folder);
    FleetStore store = new FleetStore(folder);
    Instant now = Instant.parse("2026-11-20T12:00:00Z");

    @BeforeEach
    void prepare() throws IOException {
        places = new Places(folder.resolve("state"), folder.resolve("run"));
        Files.createDirectories(places.run());
        store = new FleetStore(places.fleet());
    }

    Fleet deploy(String text) {
        InstallationSecret secret = InstallationSecret.open(places.state());
        return FleetPlan.make(FleetFile.parse("t", text), store, secret, now)
                .apply(store)
                .orElseThrow();
    }

    Fleet change(DeckyName name, UnaryOperator<Decky> change) {
        Fleet fleet = store.read();
        List<Decky> deckies = fleet.deckies().stream()
                .map(one -> one.name().equals(name) ? change.apply(one) : one)
                .toList();
        Lan lan = new Lan("lan", Subnet.parse("10.0.0.0/24"), Optional.empty(), Optional.empty(), Optional.empty());
        return store.replace(fleet.version(), List.of(lan), deckies).orElseThrow();
    }

    /** Puts a machine on a network. */
    Fleet connect(DeckyName name) {
        InetAddress address = InetAddress.ofLiteral("10.0.0.7");
        Placement placement = new Placement(
                "", List.of(new Attachment("lan", address, Optional.empty(), Link.PERFECT)), false, Optional.empty());
        return change(
                name,
                one -> new Decky(
                        one.name(),
                        one.persona(),
                        address,
                        one.services().stream().map(FleetCase::atUsualPorts).toList(),
                        placement,
                        one.rotation()));
    }

    private static DeckyService atUsualPorts(DeckyService service) {
        List<ServicePort> ports = service.ports().stream()
                .map(port -> port.at(port.number() - 10_000))
                .toList();
        return new DeckyService(service.slug(), ports, service.options());
    }

    /** The process says that all these are as they should be, in the present version. */
    void says(String process, DeckyName... sound) {
        says(
                process,
                Arrays.stream(sound)
                        .map(name -> new ActualFleet.Machine(name, List.of()))
                        .toList());
    }

    void says(String process, List<ActualFleet.Machine> machines) {
        says(process, store.read().version(), now, machines);
    }

    void says(String process, long version, Instant at, List<ActualFleet.Machine> machines) {
        try {
            new ActualFleet(version, at, machines, List.of()).write(ActualFleet.file(places, process));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static ActualFleet.Machine unsound(DeckyName name, String... problems) {
        return new ActualFleet.Machine(name, List.of(problems));
    }

    NumberedJournal journal(String worker) {
        return NumberedJournal.open(worker, places, config, () -> now, counters);
    }

    /** Everything in a worker's journal. */
    List<Event> events(String worker) {
        List<Event> events = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(places.journal(worker), JournalPosition.START, new Counters())) {
            for (List<JournalEntry> entries = reader.read(100); !entries.isEmpty(); entries = reader.read(100)) {
                for (JournalEntry entry : entries) {
                    if (entry instanceof JournalEntry.Recorded recorded) {
                        events.add(recorded.event());
                    }
                }
            }
        }
        return events;
    }
}
