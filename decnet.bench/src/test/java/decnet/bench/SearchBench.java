package decnet.bench;

import decnet.core.Config;
import decnet.core.Places;
import decnet.db.Database;
import decnet.db.EventDay;
import decnet.db.EventQuery;
import decnet.db.EventTable;
import decnet.db.PostgresProcess;
import decnet.db.StoredEvent;
import decnet.db.fixture.TestDatabase;
import decnet.db.fixture.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * How long searches take: {@code SearchBench EVENTS DAYS ROUNDS}. The server is the embedded one with its shipped settings; each search
 * wants the newest fifty. With {@code -Dfolder=…} the database stays there, and the next run loads nothing. Days that are over get
 * their indexes while the next ones are loaded, as worker {@code retention} does it. {@code -Dexplain=QUERY;QUERY} prints plans.
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
        Path folder = Path.of(System.getProperty("folder", ""));
        if (folder.toString().isEmpty()) {
            try (TestDatabase test = TestDatabase.create()) {
                run(test.database(), events, days, rounds);
            }
            return;
        }
        // used again by the next run, which then loads nothing
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        Places places = new Places(
                Files.createDirectories(folder.resolve("state")), Files.createDirectories(folder.resolve("run")));
        try (PostgresProcess _ = TestPostgres.embedded(places).start();
                Database database = Database.open(Config.of(Map.of()), places)) {
            database.migrations().migrate();
            run(database, events, days, rounds);
        }
    }

    private static void run(Database database, int events, int days, int rounds) {
        List<StoredEvent> newest = newest(database);
        Instant end =
                newest.isEmpty() ? Instant.now() : newest.getFirst().event().at();
        if (newest.isEmpty()) {
            load(database, events, days, end);
        }
        LocalDate last = LocalDate.ofInstant(end, ZoneOffset.UTC);
        List<EventDay> held = index(database, last);
        if (!held.isEmpty()) {
            throw new IllegalStateException("somebody holds " + held);
        }
        indexPart(database, last);
        if (rounds > 0) {
            search(database, rounds, end);
        }
        for (String query : System.getProperty("explain", "").split(";")) {
            if (!query.isBlank()) {
                System.out.println(query);
                database.read(tx -> tx.events().explain(EventQuery.parse(query, end), LIMIT))
                        .forEach(System.out::println);
            }
        }
    }

    private static List<StoredEvent> newest(Database database) {
        return database.read(tx -> tx.events().search(EventQuery.all(), Long.MAX_VALUE, 1));
    }

    private static void load(Database database, int events, int days, Instant end) {
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
        LocalDate loading = all.getFirst();
        try (ExecutorService indexer = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("search-bench-indexer").factory())) {
            for (int done = 0; done < events; done += BATCH) {
                List<StoredEvent> batch = source.next(BATCH);
                LocalDate day = LocalDate.ofInstant(
                        EventTable.recordedAt(batch.getFirst().event()), ZoneOffset.UTC);
                if (day.isAfter(loading)) {
                    loading = day;
                    indexer.execute(() -> index(database, day));
                }
                long start = System.nanoTime();
                database.inTransaction(tx -> {
                    tx.commitLazily();
                    tx.events().add(batch);
                    return true;
                });
                nanos += System.nanoTime() - start;
                if ((done + BATCH) % 10_000 == 0 && events - done < 400_000) { // as the worker does it
                    indexPart(database, last);
                }
                if ((done + BATCH) % 1_000_000 == 0) {
                    System.out.printf(Locale.ROOT, "%d rows, %.0f/s%n", done + BATCH, (done + BATCH) / (nanos / 1e9));
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "loaded %d at %.0f/s; %d MB%n",
                events,
                events / (nanos / 1e9),
                database.days().databaseBytes() >> 20);
    }

    /** @return the days that somebody held */
    private static List<EventDay> index(Database database, LocalDate last) {
        long before = database.days().databaseBytes();
        long start = System.nanoTime();
        List<EventDay> held = database.days().list().stream()
                .filter(day -> day.day().isBefore(last) && !day.indexed())
                .filter(day -> !database.days().index(day))
                .toList();
        System.out.printf(
                Locale.ROOT,
                "indexes of the days that are over: %.1f s; %d MB became %d MB%n",
                (System.nanoTime() - start) / 1e9,
                before >> 20,
                database.days().databaseBytes() >> 20);
        return held;
    }

    private static void indexPart(Database database, LocalDate last) {
        database.days().list().stream().filter(day -> day.day().equals(last)).forEach(database.days()::indexPart);
    }

    private static void search(Database database, int rounds, Instant end) {
        System.out.println("| query | hits | p50 ms | p95 ms |\n|---|---|---|---|");
        List<Double> everything = new ArrayList<>();
        for (String text : QUERIES) {
            EventQuery query = EventQuery.parse(text, end);
            List<Double> times = new ArrayList<>();
            int hits = 0;
            for (int round = 0; round <= rounds; round++) {
                long start = System.nanoTime();
                hits = database.<List<StoredEvent>>read(tx -> tx.events().search(query, Long.MAX_VALUE, LIMIT))
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
