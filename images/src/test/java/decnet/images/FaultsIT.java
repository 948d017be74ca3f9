package decnet.images;

import static decnet.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Any process may be killed at any time: everything returns by itself, and no event is lost or counted twice. */
@Timeout(value = 3600)
final class FaultsIT {
    private static final String ATTACKER = "127.0.0.1";
    private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("decnet.faults.seconds", 30));
    private static final Duration RECOVERY = Duration.ofSeconds(90);
    private static final List<String> VICTIMS =
            List.of("bus", "capture", "decoys", "herd", "profiler", "ttp", "postgres");

    @Test
    void whateverIsKilledNothingIsLostOrCountedTwice() throws Exception {
        Attack.assumeClients();
        try (Installation decnet = Installation.start()) {
            decnet.check(() -> {
                everyProcessInTurn(decnet);
                theHost(decnet);
            });
        }
    }

    private static void everyProcessInTurn(Installation decnet) {
        List<String> answered;
        long end = System.nanoTime() + LENGTH.toNanos();
        try (Guesser guesser = Guesser.start("fault-", decnet.service("redis"), 3)) {
            int round = 0;
            do {
                for (String victim : VICTIMS) {
                    int before = guesser.answered().size();
                    killAndAwait(decnet, victim);
                    await(RECOVERY, () -> assertThat(guesser.answered().size())
                            .as("answers after the end of " + victim)
                            .isGreaterThan(before));
                }
                round++;
            } while (System.nanoTime() < end);
            System.out.println("faults: killed each of " + VICTIMS + " times=" + round);
            answered = guesser.stop();
        }
        assertThat(answered).hasSizeGreaterThan(100);
        nothingLostOrDoubled(decnet, "fault-", answered);
    }

    private static void killAndAwait(Installation decnet, String victim) {
        Long pid = decnet.pids().get(victim);
        assertThat(pid).as("pid of " + victim).isNotNull();
        Processes.kill(pid);
        await(RECOVERY, () -> {
            assertThat(decnet.pids().get(victim))
                    .as("pid of " + victim)
                    .isNotNull()
                    .isNotEqualTo(pid);
            assertThat(decnet.command("status").code())
                    .as("exit code of status after the end of " + victim)
                    .isZero();
        });
    }

    private static void theHost(Installation decnet) {
        List<String> answered;
        try (Guesser guesser = Guesser.start("host-", decnet.service("redis"), 2)) {
            await(() -> assertThat(guesser.answered()).hasSizeGreaterThan(100));

            Processes.kill(decnet.pids().getOrDefault("host", 0L));

            await(Duration.ofSeconds(15), () -> assertThat(decnet.processes())
                    .as("left after the end of the host")
                    .isEmpty());
            answered = guesser.stop();
        }

        decnet.up().succeeded();

        nothingLostOrDoubled(decnet, "host-", answered);
    }

    private static void nothingLostOrDoubled(Installation decnet, String prefix, List<String> answered) {
        await(RECOVERY, () -> assertThat(stored(decnet, prefix).keySet()).containsAll(answered));
        assertThat(stored(decnet, prefix).values())
                .as("how often each is stored")
                .containsOnly(1);
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

    private static Map<String, Integer> stored(Installation decnet, String prefix) {
        Map<String, Integer> stored = new HashMap<>();
        decnet.sql("select secret from credential where secret like '" + prefix + "%'")
                .lines()
                .forEach(secret -> stored.merge(secret, 1, Integer::sum));
        return stored;
    }
}
