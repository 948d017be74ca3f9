package decnet.decoys.command;

import decnet.core.CommandContext;
import decnet.core.DeckyName;
import decnet.core.Places;
import decnet.topology.ActualFleet;
import decnet.topology.Decky;
import decnet.topology.Fleet;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Waits until what was deployed is there. */
final class Arrival {
    private static final Duration BASE = Duration.ofSeconds(30);
    private static final Duration EACH = Duration.ofMillis(200);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration STALE = Duration.ofSeconds(40);

    private final Places places;

    Arrival(CommandContext context) {
        this.places = context.places();
    }

    /** Whether the processes run that bring machines up. */
    boolean expected(Fleet fleet) {
        return tells("decoys") && (tells("netd") || fleet.deckies().stream().allMatch(Arrival::loopback));
    }

    /** Whether a process tells what it does. */
    boolean tells(String process) {
        return Files.exists(places.processFile(process)) && Files.exists(ActualFleet.file(places, process));
    }

    /**
     * Waits.
     *
     * @return what is not as it should be in the end, one line each; empty if all is
     */
    List<String> await(Fleet fleet) throws InterruptedException {
        return await(fleet, fleet.deckies());
    }

    /** The same, for some of its machines. */
    List<String> await(Fleet fleet, List<Decky> machines) throws InterruptedException {
        Instant end =
                Instant.now().plus(BASE).plus(EACH.multipliedBy(fleet.deckies().size()));
        List<String> problems = List.of("nothing was told yet");
        while (Instant.now().isBefore(end)) {
            problems = problems(fleet, machines);
            if (problems.isEmpty()) {
                return problems;
            }
            Thread.sleep(LOOK);
        }
        return problems;
    }

    private List<String> problems(Fleet fleet, List<Decky> machines) {
        Set<DeckyName> wanted = machines.stream().map(Decky::name).collect(Collectors.toSet());
        List<String> problems = new ArrayList<>();
        List<String> processes =
                fleet.deckies().stream().allMatch(Arrival::loopback) ? List.of("decoys") : List.of("netd", "decoys");
        for (String process : processes) {
            Optional<ActualFleet> actual;
            try {
                actual = ActualFleet.read(ActualFleet.file(places, process))
                        .filter(told -> told.at().isAfter(Instant.now().minus(STALE)));
            } catch (IOException e) {
                problems.add(String.valueOf(e.getMessage()));
                continue;
            }
            if (actual.isEmpty() || actual.get().version() < fleet.version()) {
                problems.add(process + " has not taken the fleet up yet; see  decnet status");
                continue;
            }
            actual.get().machines().stream()
                    .filter(one -> wanted.contains(one.name()))
                    .forEach(machine ->
                            machine.problems().forEach(problem -> problems.add(machine.name() + ": " + problem)));
        }
        return problems;
    }

    private static boolean loopback(Decky decky) {
        return decky.placement().loopback();
    }
}
