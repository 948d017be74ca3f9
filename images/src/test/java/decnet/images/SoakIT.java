package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Under the load of password guessers any process may be killed or suspended, and any worker parked, at any time: everything returns by
 * itself or when it is unparked, and no event is lost or counted twice. First every process is killed once, then chance rules for
 * {@code decnet.soak.seconds} (60; with {@code -Plong} 1800), at last the host is killed. What happened is in {@code target/soak.txt}.
 */
@Timeout(value = 7200)
final class SoakIT {
    private static final String ATTACKER = "127.0.0.1";
    private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("decnet.soak.seconds", 60));
    private static final long SEED = Long.getLong("decnet.soak.seed", System.nanoTime());
    private static final Duration RECOVERY = Duration.ofSeconds(90);
    private static final List<String> PROCESSES =
            List.of("bus", "capture", "decoys", "herd", "profiler", "ttp", "postgres");
    /** Its server goes on without its first process, so suspending that shows nothing. */
    private static final List<String> SUSPENDED = PROCESSES.subList(0, PROCESSES.size() - 1);

    /** Worker to process. */
    private static final Map<String, String> PARKED =
            Map.of("bus", "bus", "collect", "capture", "ingest", "herd", "profiler", "profiler", "ttp", "ttp");

    private final Random random = new Random(SEED);
    private final Recoveries recoveries = new Recoveries();

    @Test
    void whateverFallsIllNothingIsLostOrCountedTwice() throws Exception {
        Attack.assumeClients();
        try (Installation decnet = Installation.start()) {
            decnet.check(() -> {
                soak(decnet);
                theHost(decnet);
            });
        }
    }

    private void soak(Installation decnet) throws IOException {
        Set<String> answered;
        String states;
        try (Guesser guesser = Guesser.start("soak-", decnet.service("redis"), 3)) {
            List<Fault> faults = new ArrayList<>();
            PROCESSES.forEach(process -> faults.add(new Fault(Kind.KILL, process)));
            faults.add(new Fault(Kind.SUSPEND, any(SUSPENDED)));
            faults.add(new Fault(Kind.PARK, any(List.copyOf(PARKED.keySet()))));
            Collections.shuffle(faults, random);
            faults.forEach(fault -> suffer(decnet, guesser, fault));
            long end = System.nanoTime() + LENGTH.toNanos();
            while (System.nanoTime() < end) {
                suffer(decnet, guesser, chance());
            }
            states = decnet.command("worker", "list").succeeded().out();
            answered = new HashSet<>(guesser.stop());
        }
        report(states + "\n" + recoveries.table() + "\nanswered guesses " + answered.size() + ", seed " + SEED + "\n");
        assertThat(answered).hasSizeGreaterThan(100);
        nothingLostOrDoubled(decnet, "soak-", answered);
    }

    private enum Kind {
        KILL,
        SUSPEND,
        PARK
    }

    private record Fault(Kind kind, String target) {}

    private Fault chance() {
        Kind kind = Kind.values()[random.nextInt(3)];
        return new Fault(
                kind,
                any(
                        switch (kind) {
                            case KILL -> PROCESSES;
                            case SUSPEND -> SUSPENDED;
                            case PARK -> List.copyOf(PARKED.keySet());
                        }));
    }

    private String any(List<String> names) {
        List<String> sorted = names.stream().sorted().toList();
        return sorted.get(random.nextInt(sorted.size()));
    }

    private void suffer(Installation decnet, Guesser guesser, Fault fault) {
        long ill =
                switch (fault.kind()) {
                    case KILL -> kill(decnet, fault.target());
                    case SUSPEND -> suspend(decnet, fault.target());
                    case PARK -> park(decnet, fault.target());
                };
        await(RECOVERY, () -> assertThat(decnet.command("status").code())
                .as("exit code of status after %s", fault)
                .isZero());
        recoveries.add(fault.kind().name().toLowerCase(java.util.Locale.ROOT), fault.target(), ill);
        int before = guesser.answers();
        await(RECOVERY, () -> assertThat(guesser.answers())
                .as("answers after %s", fault)
                .isGreaterThan(before));
    }

    /** Each returns when it was that things could begin to become well, as {@link System#nanoTime}. */
    private static long kill(Installation decnet, String process) {
        Long pid = decnet.pids().get(process);
        assertThat(pid).as("pid of " + process).isNotNull();
        long since = System.nanoTime();
        Processes.kill(pid);
        await(RECOVERY, () -> assertThat(decnet.pids().get(process))
                .as("pid of " + process)
                .isNotNull()
                .isNotEqualTo(pid));
        return since;
    }

    private static long suspend(Installation decnet, String process) {
        Long pid = decnet.pids().get(process);
        assertThat(pid).as("pid of " + process).isNotNull();
        Processes.signal(pid, "STOP");
        try {
            await(RECOVERY, () -> assertThat(decnet.command("status").code())
                    .as("exit code of status while " + process + " is suspended")
                    .isEqualTo(1));
        } finally {
            Processes.signal(pid, "CONT");
        }
        long since = System.nanoTime();
        await(RECOVERY, () -> assertThat(decnet.pids().get(process))
                .as("pid of " + process)
                .isEqualTo(pid));
        return since;
    }

    /** A kill does not bring it back: only the word of an operator does. */
    private static long park(Installation decnet, String worker) {
        JsonNode parked = decnet.command("worker", "park", worker, "--reason", "soak", "--json")
                .json();
        assertThat(parked.path("state").asText()).as(parked.toString()).isEqualTo("parked");
        kill(decnet, PARKED.getOrDefault(worker, ""));
        await(RECOVERY, () -> assertThat(decnet.worker(worker).path("process").asText())
                .as("process of " + worker)
                .isNotEmpty());
        assertThat(decnet.worker(worker).path("state").asText()).isEqualTo("parked");
        assertThat(decnet.worker(worker).path("reason").asText()).contains("soak");
        long since = System.nanoTime();
        JsonNode back = decnet.command("worker", "unpark", worker, "--json").json();
        assertThat(back.path("ok").asBoolean()).as(back.toString()).isTrue();
        return since;
    }

    private static void report(String text) throws IOException {
        System.out.println(text);
        Files.writeString(Path.of("target", "soak.txt"), text);
    }

    private static void theHost(Installation decnet) {
        Set<String> answered;
        try (Guesser guesser = Guesser.start("host-", decnet.service("redis"), 2)) {
            await(() -> assertThat(guesser.answers()).isGreaterThan(100));

            Processes.kill(decnet.pids().getOrDefault("host", 0L));

            await(Duration.ofSeconds(15), () -> assertThat(decnet.processes())
                    .as("left after the end of the host")
                    .isEmpty());
            answered = new HashSet<>(guesser.stop());
        }

        decnet.up().succeeded();

        nothingLostOrDoubled(decnet, "host-", answered);
    }

    private static void nothingLostOrDoubled(Installation decnet, String prefix, Set<String> answered) {
        await(RECOVERY, () -> {
            Set<String> missing = new HashSet<>(answered);
            missing.removeAll(stored(decnet, prefix).keySet());
            assertThat(missing)
                    .as("guesses that were answered and are not stored")
                    .isEmpty();
        });
        assertThat(new HashSet<>(stored(decnet, prefix).values()))
                .as("how often each is stored")
                .containsOnly(1L);
        await(RECOVERY, () -> {
            long events = Long.parseLong(decnet.sql("select count(*) from event where src_ip = '" + ATTACKER + "'"));
            long credentials =
                    Long.parseLong(decnet.sql("select count(*) from credential where src_ip = '" + ATTACKER + "'"));
            JsonNode attacker = decnet.attacker(ATTACKER);
            assertThat(attacker.path("event_count").asLong()).isEqualTo(events);
            assertThat(attacker.path("credential_count").asLong()).isEqualTo(credentials);
        });
        assertThat(decnet.sql("select count(*) - count(distinct event_id) from event"))
                .isEqualTo("0");
        assertThat(decnet.sql("select count(*) from dead_letter")).isEqualTo("0");
    }

    private static Map<String, Long> stored(Installation decnet, String prefix) {
        return decnet.sql("select secret from credential where secret like '" + prefix + "%'")
                .lines()
                .collect(Collectors.groupingBy(secret -> secret, Collectors.counting()));
    }
}
