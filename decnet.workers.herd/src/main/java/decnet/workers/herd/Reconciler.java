package decnet.workers.herd;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Json;
import decnet.core.Places;
import decnet.topology.ChangeLog;
import decnet.topology.DeckyState;
import decnet.topology.FleetChange;
import decnet.topology.FleetStore;
import decnet.topology.Freezes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Compares the fleet that is wanted with what {@code netd} and {@code decoys} say is there, notices what changes, tells it once, and asks
 * for repair. Nobody saying anything is not the same as nothing being there. One owner thread.
 */
final class Reconciler {
    private final FleetStore store;
    private final Places places;
    private final InstantSource clock;
    private final Counters counters;
    private final NumberedJournal journal;
    private final Consumer<Notice> told;
    private final MemoryFile file;
    private final ReconcilerMemory memory;
    private final WantedFleet wanted;
    private final Debounce debounce = new Debounce();
    private final Repairs repairs = new Repairs();
    private final Map<DeckyName, Instant> seen = new HashMap<>();

    /**
     * Goes on with what is remembered.
     *
     * @param told hears of each state once it is durable; may hear of none if this process ends in between
     * @throws IOException if what is remembered cannot be read
     */
    Reconciler(
            FleetStore store,
            Places places,
            InstantSource clock,
            Counters counters,
            NumberedJournal journal,
            Consumer<Notice> told)
            throws IOException {
        this.store = store;
        this.places = places;
        this.clock = clock;
        this.counters = counters;
        this.journal = journal;
        this.told = told;
        this.file = new MemoryFile(places.care().resolve("reconciler.json"));
        ReconcilerMemory read = file.read();
        // an older one, from a backup, would use numbers again that the journal has
        this.memory = journal.told(read.origin()) > read.number() ? read.renumbered() : read;
        this.wanted = new WantedFleet(store);
    }

    ReconcilerMemory memory() {
        return memory;
    }

    /** When somebody last told of a machine. */
    Optional<Instant> seen(DeckyName name) {
        return Optional.ofNullable(seen.get(name));
    }

    /**
     * One look at everything.
     *
     * @throws decnet.topology.FleetException if the desired state, or what is frozen, cannot be read
     * @throws UncheckedIOException if the memory, or a request for repair, cannot be written; the next round does it
     * @throws decnet.journal.JournalException if the journal cannot be written; likewise
     */
    void round() {
        wanted.refresh();
        Set<DeckyName> names = wanted.machines().keySet();
        Statement saidByNetd = statement("netd", names);
        Statement saidByDecoys = statement("decoys", names);
        wanted.refresh(); // afterwards: what they say cannot be of a later one
        Statement netd = saidByNetd.upTo(wanted.version(), counters);
        Statement decoys = saidByDecoys.upTo(wanted.version(), counters);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Freezes freezes = store.freezes();
        compare(now);
        judge(netd, decoys, freezes, now);
        if (memory.changed()) {
            remember();
        }
        tell();
        Set<DeckyName> due = repairs.due(memory.machines(), freezes, now);
        if (!due.isEmpty()) {
            store.requestRepair(due);
            counters.add(ReconcilerCounter.REPAIRS, due.size());
        }
    }

    private Statement statement(String process, Set<DeckyName> names) {
        return Statement.read(places, process, names, clock.instant(), counters);
    }

    private void remember() {
        try {
            file.write(memory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file.path() + ": " + e.getMessage(), e);
        }
    }

    private void tell() {
        List<Notice> fresh = memory.after(journal.told(memory.origin()));
        for (Notice notice : fresh) {
            if (notice.kind().ofState()) {
                journal.tell(memory.origin(), notice.number(), notice.toEvent());
            } else {
                journal.pass(memory.origin(), notice.number());
            }
        }
        journal.settle();
        for (Notice notice : fresh) {
            if (notice.kind().ofState()) {
                counters.increment(ReconcilerCounter.STATES);
                told.accept(notice);
            }
        }
    }

    /** What was deployed, taken down or changed. */
    private void compare(Instant now) {
        Optional<ChangeLog> log = Optional.empty();
        for (WantedDecky decky : wanted.machines().values()) {
            Optional<KnownDecky> known = memory.machine(decky.name());
            if (known.isEmpty()) {
                memory.put(KnownDecky.of(decky, wanted.version(), now));
                notice(now, decky.name(), Notice.Kind.CREATED, Json.object(), created(decky), "deploy");
            } else if (!known.get().wanted().equals(decky)) {
                log = log.isPresent() ? log : store.changes();
                changed(known.get(), decky, log, now);
            }
        }
        for (KnownDecky known : memory.machines()) {
            DeckyName name = known.wanted().name();
            if (!wanted.machines().containsKey(name)) {
                memory.remove(name);
                seen.remove(name);
                ObjectNode gone = Json.object().put(Notice.STATE, DeckyState.REMOVED.text());
                notice(now, name, Notice.Kind.REMOVED, state(known.state()), gone, "teardown");
            }
        }
        debounce.retain(wanted.machines().keySet());
    }

    private void changed(KnownDecky known, WantedDecky decky, Optional<ChangeLog> log, Instant now) {
        WantedDecky before = known.wanted();
        String trigger = log.flatMap(all -> all.changes().stream()
                        .filter(change -> change.decky().equals(decky.name()) && change.version() > known.version())
                        .reduce((first, second) -> second))
                .map(FleetChange::trigger)
                .map(FleetChange.Trigger::text)
                .orElse("deploy");
        if (decky.otherPersona(before)) {
            notice(now, decky.name(), Notice.Kind.PERSONA, persona(before), persona(decky), trigger);
        }
        if (!decky.services().equals(before.services())) {
            notice(now, decky.name(), Notice.Kind.SERVICES, services(before), services(decky), trigger);
        }
        memory.put(known.withWanted(decky, wanted.version(), now));
    }

    /** What is there of it. */
    private void judge(Statement netd, Statement decoys, Freezes freezes, Instant now) {
        for (KnownDecky known : memory.machines()) {
            DeckyName name = known.wanted().name();
            Verdict verdict = Verdict.of(known, netd, decoys, now);
            if (verdict.state() != DeckyState.UNKNOWN) {
                seen.put(name, now);
            }
            Optional<Instant> begun = debounce.see(name, known.state(), verdict.state(), now);
            if (begun.isPresent()) {
                KnownDecky next = known.withVerdict(verdict, begun.get());
                ObjectNode after = state(verdict.state());
                after.set(Notice.PROBLEMS, texts(verdict.problems()));
                after.put(Notice.REPAIR, Repairs.wanted(next, freezes, now));
                memory.put(next);
                notice(now, name, Notice.Kind.STATE, state(known.state()), after, "observed");
            } else if (verdict.state() == known.state()) {
                memory.put(known.withVerdict(verdict, known.since()));
            }
        }
    }

    private void notice(
            Instant at, DeckyName decky, Notice.Kind kind, ObjectNode before, ObjectNode after, String trigger) {
        int dropped = memory.notice(at, decky, kind, before, after, trigger);
        counters.add(ReconcilerCounter.CHANGES_DROPPED, dropped);
    }

    private static ObjectNode state(DeckyState state) {
        return Json.object().put(Notice.STATE, state.text());
    }

    private static ObjectNode created(WantedDecky decky) {
        ObjectNode json = state(DeckyState.PENDING).put("archetype", decky.archetype());
        json.setAll(persona(decky));
        json.setAll(services(decky));
        ArrayNode addresses = json.putArray("addresses");
        decky.addresses().forEach(address -> addresses.add(address.getHostAddress()));
        return json;
    }

    private static ObjectNode persona(WantedDecky decky) {
        return Json.object().put("hostname", decky.hostname()).put("mac", decky.mac());
    }

    private static ObjectNode services(WantedDecky decky) {
        ObjectNode json = Json.object();
        json.set("services", texts(decky.services()));
        return json;
    }

    private static ArrayNode texts(List<String> texts) {
        ArrayNode array = Json.array();
        texts.forEach(array::add);
        return array;
    }
}
