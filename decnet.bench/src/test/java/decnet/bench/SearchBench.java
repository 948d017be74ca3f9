package decnet.bench;

import decnet.db.Database;
import decnet.db.EventDay;
import decnet.db.EventQuery;
import decnet.db.StoredEvent;
import decnet.db.fixture.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How long searches take: {@code SearchBench EVENTS DAYS ROUNDS}. The server is the embedded one with its shipped settings; each search
 * wants the newest fifty.
 */
public final class SearchBench {
    private static final int BATCH = 5000;
    private static final int LIMIT = 50;
    private static final List<String> QUERIES = List.of(
            "",
            "service:ssh ip:10.0.0.0/8 user:root -type:connect \"wget http\"",
            "service:ssh,telnet user:root",
            "ip:198.18.0.77",
            "ip:198.18.200.1",
            "ip:203.0.113.0/24",
            "ip:10.0.0.0/8 type:file_upload",
            "user:user4711",
            "user:nobody",
            "xmrig-rare",
            "\"no such text anywhere\"",
            "authorized_keys",
            "wget service:redis",
            "sha256:" + EventSource.hash(77),
            "field:secret=password4711",
            "decky:web-7 type:command since:2d",
            "session:0000000000001234",
            "port:22 -service:ssh since:2h",
            "type:disconnect ip:198.18.0.77",
            "service:smtp user:pi until:20d");

    private SearchBench() {}

    /** @throws Exception whatever goes wrong */
    public static void main(String[] arguments) throws Exception {
        int events = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5_000_000;
        int days = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 30;
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 20;
        Instant end = Instant.now();
        try (TestDatabase test = TestDatabase.create()) {
            for (String sql : System.getProperty("sql", "").split(";")) {
                if (!sql.isBlank()) {
                    test.execute(sql);
                }
            }
            load(test, events, days, end);
            if (rounds > 0) {
                search(test, rounds, end);
            }
            for (String query : System.getProperty("explain", "").split(";")) {
                if (!query.isBlank()) {
                    System.out.println(query);
                    test.database()
                            .read(tx -> tx.events().explain(EventQuery.parse(query, end), LIMIT))
                            .forEach(System.out::println);
                }
            }
        }
    }

    private static void load(TestDatabase test, int events, int days, Instant end) {
        Database database = test.database();
        LocalDate last = LocalDate.ofInstant(end, ZoneOffset.UTC);
        List<LocalDate> all = Stream.iterate(last.minusDays(days), day -> day.plusDays(1))
                .limit(days + 1L)
                .toList();
        database.inTransaction(tx -> {
            tx.partitions().ensure(all);
            return true;
        });
        EventSource source = new EventSource(
                end.minus(Duration.ofDays(days)), Duration.ofDays(days).dividedBy(events));
        long nanos = 0;
        for (int done = 0; done < events; done += BATCH) {
            List<StoredEvent> batch = source.next(BATCH);
            long start = System.nanoTime();
            database.inTransaction(tx -> {
                tx.commitLazily();
                tx.events().add(batch);
                return true;
            });
            nanos += System.nanoTime() - start;
            if ((done + BATCH) % 10_000 == 0 && events - done < 400_000) { // as the worker does it
                database.days().list().stream()
                        .filter(day -> day.day().equals(last))
                        .forEach(database.days()::indexPart);
            }
            if ((done + BATCH) % 1_000_000 == 0) {
                System.out.printf(Locale.ROOT, "%d rows, %.0f/s%n", done + BATCH, (done + BATCH) / (nanos / 1e9));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "loaded %d at %.0f/s; %d MB, of which indexes %d MB%n",
                events,
                events / (nanos / 1e9),
                test.number("select pg_database_size(current_database())") >> 20,
                test.number("select sum(pg_indexes_size(inhrelid)) from pg_inherits") >> 20);
        long start = System.nanoTime();
        for (EventDay day : database.days().list()) {
            if (day.day().isBefore(last) && !database.days().index(day)) {
                throw new IllegalStateException("somebody holds " + day);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "indexes of the days that are over: %.1f s; now %d MB, of which indexes %d MB%n",
                (System.nanoTime() - start) / 1e9,
                test.number("select pg_database_size(current_database())") >> 20,
                test.number("select sum(pg_indexes_size(inhrelid)) from pg_inherits") >> 20);
    }

    private static void search(TestDatabase test, int rounds, Instant end) {
        System.out.println("| query | hits | p50 ms | p95 ms |\n|---|---|---|---|");
        List<Double> everything = new ArrayList<>();
        for (String text : QUERIES) {
            EventQuery query = EventQuery.parse(text, end);
            List<Double> times = new ArrayList<>();
            int hits = 0;
            for (int round = 0; round <= rounds; round++) {
                long start = System.nanoTime();
                hits = test.database()
                        .<List<StoredEvent>>read(tx -> tx.events().search(query, Long.MAX_VALUE, LIMIT))
                        .size();
                double millis = (System.nanoTime() - start) / 1e6;
                if (round > 0) {
                    times.add(millis);
                } else {
                    System.err.printf(Locale.ROOT, "first %.1f ms: %s%n", millis, text);
                }
            }
            everything.addAll(times);
            Collections.sort(times);
            System.out.printf(
                    Locale.ROOT,
                    "| `%s` | %d | %.1f | %.1f |%n",
                    text,
                    hits,
                    times.get(times.size() / 2),
                    times.get(times.size() * 95 / 100));
        }
        Collections.sort(everything);
        System.out.printf(
                Locale.ROOT,
                "| all of them | | %.1f | %.1f |%n",
                everything.get(everything.size() / 2),
                everything.get(everything.size() * 95 / 100));
    }
}
