package decnet.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.Json;
import decnet.db.fixture.TestDatabase;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DeckyTablesTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");

    private final TestDatabase test = TestDatabase.create();
    private final Database database = test.database();

    @AfterEach
    void close() {
        test.close();
    }

    private static DeckyRow row(String name, String state) {
        return new DeckyRow(
                name,
                "",
                "web-server",
                "web07",
                List.of(InetAddress.ofLiteral("10.0.0.7"), InetAddress.ofLiteral("2001:db8::7")),
                "00:50:56:01:02:03",
                List.of("ftp", "http"),
                state,
                state.equals("degraded") ? List.of("no \"address\"", "x\ty") : List.of(),
                7,
                NOON,
                Optional.of(NOON.plusSeconds(1)),
                state.equals("removed") ? Optional.of(NOON) : Optional.empty());
    }

    private void upsert(DeckyRow... rows) {
        database.inTransaction(tx -> {
            tx.deckies().upsert(List.of(rows));
            return rows;
        });
    }

    @Test
    void aRowComesBackAsItIsAndIsReplacedByTheNext() {
        upsert(row("b", "degraded"), row("a", "running"));
        upsert(row("a", "failed"));

        List<DeckyRow> rows = database.read(tx -> tx.deckies().present(10));

        assertThat(rows).containsExactly(row("a", "failed"), row("b", "degraded"));
    }

    @Test
    void whoIsGoneIsKeptAndComesBack() {
        upsert(row("a", "running"), row("b", "running"), row("c", "removed"));

        int gone = database.inTransaction(tx -> tx.deckies().removeOthers(List.of("a"), NOON));
        int again = database.inTransaction(tx -> tx.deckies().removeOthers(List.of("a"), NOON.plusSeconds(9)));

        assertThat(gone).isEqualTo(1);
        assertThat(again).isZero();
        List<DeckyRow> present = database.read(tx -> tx.deckies().present(10));
        List<DeckyRow> all = database.read(tx -> tx.deckies().all(10));
        assertThat(present).extracting(DeckyRow::name).containsExactly("a");
        assertThat(all).extracting(DeckyRow::name).containsExactly("a", "b", "c");
        assertThat(all.get(1).removedAt()).contains(NOON);
        upsert(row("b", "pending"));
        assertThat(database.<List<DeckyRow>>read(tx -> tx.deckies().present(10)))
                .extracting(DeckyRow::name)
                .containsExactly("a", "b");
        assertThat(database.<Integer>inTransaction(tx -> tx.deckies().removeOthers(List.of(), NOON)))
                .isEqualTo(2);
    }

    @Test
    void aStateThatIsNoneIsRefused() {
        assertThatThrownBy(() -> upsert(row("a", "fine"))).isInstanceOf(StoreException.class);
    }

    @Test
    void theHistoryOfAMachineIsListedTheLastFirstAndPruned() {
        DeckyChangeRow first = new DeckyChangeRow(
                NOON, "a", "created", Json.object(), Json.object().put("state", "pending"), "deploy");
        DeckyChangeRow second = new DeckyChangeRow(
                NOON.plusSeconds(60),
                "a",
                "state",
                Json.object().put("state", "pending"),
                Json.object().put("state", "running"),
                "observed");
        upsert(row("a", "running"), row("b", "running"));
        database.inTransaction(tx -> {
            tx.deckyChanges().add(List.of(first, second));
            return first;
        });

        List<DeckyChangeRow> history = database.read(tx -> tx.deckyChanges().of("a", 10));
        Map<String, DeckyChangeRow> last = database.read(tx -> tx.deckyChanges().last());

        assertThat(history).containsExactly(second, first);
        assertThat(last).containsExactly(Map.entry("a", second));
        int pruned = database.inTransaction(tx -> tx.pruning().prune(Pruning.Table.DECKY_CHANGE, NOON.plusSeconds(30)));
        assertThat(pruned).isEqualTo(1);
        assertThat(test.number("select count(*) from decky_change")).isEqualTo(1);
    }

    @Test
    void aMachineIsBusyWhileSomebodyIsThereOrWasLately() {
        test.execute("""
            insert into session (id, first_seen, last_seen, decky, service, event_count, command_count, credential_count,
                    upload_count, end_reason)
            values ('1', '2026-11-20 11:00Z', '2026-11-20 11:00Z', 'open', 'ssh', 1, 0, 0, 0, null),
                   ('2', '2026-11-20 11:00Z', '2026-11-20 11:55Z', 'lately', 'ssh', 1, 0, 0, 0, 'client'),
                   ('3', '2026-11-20 11:00Z', '2026-11-20 11:30Z', 'before', 'ssh', 1, 0, 0, 0, 'client'),
                   ('4', '2026-11-20 11:00Z', '2026-11-20 11:59Z', 'other', 'ssh', 1, 0, 0, 0, null)\
            """);

        Set<String> busy = database.read(
                tx -> tx.sessions().busy(List.of("open", "lately", "before", "quiet"), NOON.minusSeconds(600)));

        assertThat(busy).containsExactlyInAnyOrder("open", "lately");
    }
}
