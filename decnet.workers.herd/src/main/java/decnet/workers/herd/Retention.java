package decnet.workers.herd;

import decnet.core.CounterName;
import decnet.core.Counters;
import decnet.db.Database;
import decnet.db.EventDay;
import decnet.db.Pruning;
import decnet.db.RetentionClass;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Makes days of events ahead of time and removes what has been kept long enough. One owner. */
final class Retention {
    private static final int DAYS_AHEAD = 4;

    /** Lets others work between two steps. */
    @FunctionalInterface
    interface Breath {
        /** @return false if the work shall end */
        boolean take() throws InterruptedException;
    }

    private final Database database;
    private final RetentionConfig config;
    private final InstantSource clock;
    private final Counters counters;

    Retention(Database database, RetentionConfig config, InstantSource clock, Counters counters) {
        this.database = database;
        this.config = config;
        this.clock = clock;
        this.counters = counters;
    }

    /**
     * Does everything that is due. Broken off anywhere, the next call goes on.
     *
     * @throws decnet.db.StoreException if the database is away
     */
    void sweep(Breath breath) throws InterruptedException {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        database.inTransaction(tx -> {
            tx.partitions()
                    .ensure(Stream.iterate(today, day -> day.plusDays(1))
                            .limit(DAYS_AHEAD)
                            .toList());
            return today;
        });
        Instant early = Instant.MIN;
        if (expire(today, breath)) {
            early = shrink(today, breath);
        }
        if (prune(early, breath)) {
            index(today, breath);
        }
    }

    /** The newest days first, as they are searched most. */
    private void index(LocalDate today, Breath breath) throws InterruptedException {
        for (EventDay day : database.days().list().reversed()) {
            if (!day.day().isBefore(today)) {
                database.days().indexPart(day);
            } else if (day.events() > 0 && !day.indexed()) {
                boolean done = database.days().index(day);
                counters.increment(done ? RetentionCounter.DAYS_INDEXED : RetentionCounter.POSTPONED);
                if (!breath.take()) {
                    return;
                }
            }
        }
    }

    private LocalDate firstKept(LocalDate today, Duration kept) {
        return today.minusDays(kept.plusDays(1).minusNanos(1).toDays());
    }

    private boolean expire(LocalDate today, Breath breath) throws InterruptedException {
        for (EventDay day : database.days().list()) {
            Duration kept =
                    switch (day.kind()) {
                        case EVIDENCE -> config.evidence();
                        case NOISE -> config.noise();
                    };
            if (day.day().isBefore(firstKept(today, kept)) || day.state() != EventDay.State.ATTACHED) {
                remove(day, RetentionCounter.DAYS_EXPIRED);
                if (!breath.take()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** @return before when there is no evidence any more */
    private Instant shrink(LocalDate today, Breath breath) throws InterruptedException {
        Instant early = Instant.MIN;
        if (config.maxSize().bytes() == 0) {
            return early;
        }
        long excess = database.days().databaseBytes() - config.maxSize().bytes();
        if (excess <= 0) {
            return early;
        }
        List<EventDay> oldest = new ArrayList<>(database.days().list());
        oldest.removeIf(day -> !day.day().isBefore(today) || day.events() == 0);
        oldest.sort(Comparator.comparing((EventDay day) -> day.kind() == RetentionClass.EVIDENCE)
                .thenComparing(EventDay::day));
        for (EventDay day : oldest) {
            if (excess <= 0 || !breath.take()) {
                break;
            }
            if (remove(day, RetentionCounter.DAYS_OVER_SIZE)) {
                excess -= day.bytes();
                if (day.kind() == RetentionClass.EVIDENCE) {
                    early = day.day().plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
                }
            }
        }
        return early;
    }

    private boolean remove(EventDay day, CounterName reason) {
        if (!database.days().remove(day)) {
            counters.increment(RetentionCounter.POSTPONED);
            return false;
        }
        counters.increment(reason);
        counters.add(RetentionCounter.EVENTS_REMOVED, day.events());
        return true;
    }

    private boolean prune(Instant early, Breath breath) throws InterruptedException {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        Instant expired = start(firstKept(today, config.evidence()));
        Instant evidence = early.isAfter(expired) ? early : expired;
        Instant letters = start(firstKept(today, config.deadLetters()));
        for (Pruning.Table table : Pruning.Table.values()) {
            Instant before = table == Pruning.Table.DEAD_LETTER ? letters : evidence;
            int rows;
            do {
                if (!breath.take()) {
                    return false;
                }
                rows = database.inTransaction(tx -> tx.pruning().prune(table, before));
                counters.add(RetentionCounter.ROWS_REMOVED, rows);
            } while (rows == Pruning.BATCH);
        }
        return true;
    }

    private static Instant start(LocalDate day) {
        return day.atTime(LocalTime.MIN).toInstant(ZoneOffset.UTC);
    }
}
