package decnet.topology;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.DeckyName;
import decnet.core.FolderOwner;
import decnet.core.Json;
import decnet.core.WireText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The desired state on disk: {@code desired.json} names version, addresses and services; {@code personas/NAME.ARCHETYPE.json} holds
 * who a decky is, and outlives its removal, so that a machine that comes back is the same machine. Beside them: {@code changes.json}, the last changes of
 * machines, {@code repair.json} and {@code freeze.json}. Files are written aside and renamed; a lock file keeps two writers apart. Thread-safe.
 */
public final class FleetStore {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    /** Older than the oldest machine that is made. */
    private static final Duration AUTHORITY_AGE = Duration.ofDays(1461);

    private static final String CHANGES = "changes.json";
    private static final String REPAIR = "repair.json";
    private static final String FREEZE = "freeze.json";

    private final Path folder;

    /** @param folder {@code <state>/fleet}; made on the first write */
    public FleetStore(Path folder) {
        this.folder = folder;
    }

    /**
     * Which desired state is there: equal as long as nobody has written another one. Cheap: nothing is read.
     *
     * @return a text without meaning; empty if there is none yet, or it cannot be looked at
     */
    public String stamp() {
        try {
            BasicFileAttributes file = Files.readAttributes(desired(), BasicFileAttributes.class);
            return file.fileKey() + " " + file.size() + " "
                    + file.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        } catch (IOException e) {
            return "";
        }
    }

    /** @throws FleetException if what is there cannot be read */
    public Fleet read() {
        Path file = desired();
        try {
            return FleetJson.read(
                    Json.parseObject(Files.readAllBytes(file)),
                    (name, archetype) ->
                            PersonaJson.read(Json.parseObject(Files.readAllBytes(personaFile(name, archetype)))));
        } catch (NoSuchFileException e) {
            if (!file.toString().equals(e.getFile())) {
                throw new FleetException("the desired state is incomplete: " + e.getMessage() + " is missing", e);
            }
            return new Fleet(0, List.of(), List.of());
        } catch (IOException | IllegalArgumentException e) {
            throw new FleetException("cannot read the desired state " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Every decky that ever was here: a persona outlives its machine.
     *
     * @throws FleetException if the folder cannot be read
     */
    public Set<DeckyName> known() {
        Path personas = folder.resolve("personas");
        try (Stream<Path> files = Files.list(personas)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json") && name.indexOf('.') > 0)
                    .map(name -> new DeckyName(name.substring(0, name.indexOf('.'))))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (NoSuchFileException e) {
            return Set.of(); // nothing was ever deployed; a folder that may not be read is another matter
        } catch (IOException | IllegalArgumentException e) {
            throw new FleetException("cannot read the personas in " + personas + ": " + e.getMessage(), e);
        }
    }

    /** The stored persona of a decky, deployed or not. */
    public Optional<Persona> persona(DeckyName name, String archetype) {
        Path file = personaFile(name, archetype);
        try {
            return Optional.of(PersonaJson.read(Json.parseObject(Files.readAllBytes(file))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new FleetException("cannot read the persona " + file + ": " + e.getMessage(), e);
        }
    }

    /** Every stored persona, whether its decky is deployed or not. @throws FleetException if one cannot be read */
    List<Persona> personas() {
        Path personas = folder.resolve("personas");
        List<Persona> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(personas, "*.json")) {
            for (Path file : files) {
                all.add(PersonaJson.read(Json.parseObject(Files.readAllBytes(file))));
            }
            return all;
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | DirectoryIteratorException | IllegalArgumentException e) {
            throw new FleetException("cannot read the personas in " + personas + ": " + e.getMessage(), e);
        }
    }

    /**
     * The authority of the site, made at first use and kept for ever. Only the owner of the folder can read it: the process that serves
     * the deckies does not need it.
     *
     * @param now a new one is dated some years before
     * @throws FleetException if it can neither be read nor written
     */
    SiteAuthority authority(String name, Instant now) {
        Path file = folder.resolve("authority.json");
        try {
            if (!Files.exists(file)) {
                StateFolder.make(folder);
                Path draft = Files.createTempFile(folder, "authority", ".new", OWNER_ONLY);
                try {
                    Files.write(
                            draft,
                            Json.bytes(PersonaJson.write(SiteAuthority.make(name, now.minus(AUTHORITY_AGE))
                                    .identity())));
                    FolderOwner.takeOver(draft);
                    Files.createLink(file, draft); // of two that start at once, one wins and both use its key
                } catch (FileAlreadyExistsException e) {
                    // the other one's is read below
                } catch (UnsupportedOperationException e) {
                    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    Files.deleteIfExists(draft);
                }
            }
            return new SiteAuthority(PersonaJson.tls(Json.parseObject(Files.readAllBytes(file))));
        } catch (IOException | IllegalArgumentException e) {
            throw new FleetException("cannot use the site's authority " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Writes {@code deckies} as the new desired state, if it still has the version the caller read. Segments that nobody is attached to
     * any more go.
     *
     * @return the fleet written; empty if somebody else changed it in between
     * @throws UncheckedIOException if it cannot be written, or another writer holds the lock for more than 10 s
     */
    public Optional<Fleet> replace(long expectedVersion, List<Decky> deckies) {
        return replace(expectedVersion, List.of(), deckies);
    }

    /**
     * The same with segments that are new.
     *
     * @param lans added to those that are there, or in their place where they have the same name
     */
    public Optional<Fleet> replace(long expectedVersion, List<Lan> lans, List<Decky> deckies) {
        return locked(() -> {
            Fleet present = read();
            return present.version() == expectedVersion
                    ? Optional.of(put(present, lans, deckies, List.of()))
                    : Optional.empty();
        });
    }

    /**
     * Changes some machines and leaves all others as they are, if the desired state still has the version the caller read and nobody has
     * frozen one of them. What was changed is in {@link #changes} if, and only if, the desired state has it.
     *
     * @param changed each of the present fleet
     * @return the fleet written; empty if somebody else changed it in between, or froze one of them
     * @throws UncheckedIOException as {@link #replace(long, List)}
     */
    Optional<Fleet> change(long expectedVersion, List<Decky> changed, List<FleetChange> changes, Instant now) {
        return locked(() -> {
            Fleet present = read();
            Freezes freezes = freezes();
            if (present.version() != expectedVersion
                    || changed.stream()
                            .anyMatch(one -> freezes.of(one.name(), now).isPresent())) {
                return Optional.empty();
            }
            Map<DeckyName, Decky> all = new LinkedHashMap<>();
            present.deckies().forEach(one -> all.put(one.name(), one));
            changed.forEach(one -> all.replace(one.name(), one));
            return Optional.of(put(present, List.of(), List.copyOf(all.values()), changes));
        });
    }

    /** By who holds the lock. */
    private Fleet put(Fleet present, List<Lan> lans, List<Decky> deckies, List<FleetChange> changes)
            throws IOException {
        Map<String, Lan> all = new HashMap<>();
        present.lans().forEach(lan -> all.put(lan.name(), lan));
        lans.forEach(lan -> all.put(lan.name(), lan));
        Fleet next = new Fleet(present.version() + 1, List.copyOf(all.values()), deckies);
        for (Decky decky : next.deckies()) {
            writePersona(decky);
        }
        Optional<ChangeLog> log = storedChanges();
        ChangeLog valid = log.map(one -> one.upTo(present.version()))
                .orElseGet(() -> new ChangeLog(new SecureRandom().nextLong(), 0, List.of()));
        ChangeLog grown = changes.isEmpty() ? valid : valid.with(changes, next.version());
        if (!Optional.of(grown).equals(log)) {
            StateFolder.write(folder.resolve(CHANGES), Json.bytes(grown.toJson()));
        }
        StateFolder.write(desired(), Json.bytes(FleetJson.write(next)));
        return next;
    }

    /**
     * The last changes of machines that stayed in the fleet; empty if there never was a fleet.
     *
     * @throws FleetException if they cannot be read
     */
    public Optional<ChangeLog> changes() {
        try {
            // in this order: whoever wrote this version had taken out before what never came to be
            long version = Json.parseObject(Files.readAllBytes(desired()))
                    .path("version")
                    .asLong();
            return storedChanges().map(log -> log.upTo(version));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new FleetException("cannot read the desired state " + desired() + ": " + e.getMessage(), e);
        }
    }

    private Optional<ChangeLog> storedChanges() {
        return stored(CHANGES, ChangeLog::read);
    }

    /**
     * Asks for machines to be set up anew although the desired state stays.
     *
     * @return the request, with a number of its own
     * @throws UncheckedIOException as {@link #replace(long, List)}
     */
    public RepairRequest requestRepair(Set<DeckyName> names) {
        return locked(() -> {
            RepairRequest next = new RepairRequest(repairRequest().number() + 1, names);
            StateFolder.write(folder.resolve(REPAIR), Json.bytes(next.toJson()));
            return next;
        });
    }

    /** The last request; {@link RepairRequest#NONE} if there never was one. @throws FleetException if it cannot be read */
    public RepairRequest repairRequest() {
        return stored(REPAIR, RepairRequest::read).orElse(RepairRequest.NONE);
    }

    /**
     * Keeps machines as they are for a while: nobody repairs or changes them by himself.
     *
     * @param until at most {@link Freezes#LONGEST} from {@code now}
     * @throws IllegalArgumentException if that is longer, or over, or there are too many
     * @throws UncheckedIOException as {@link #replace(long, List)}
     */
    public Freezes freeze(Set<DeckyName> names, Instant until, String reason, Instant now) {
        Freezes.Freeze freeze = freeze(until, reason, now);
        return refreeze(freezes -> freezes.with(names, freeze), now);
    }

    /** As {@link #freeze}, every machine there is or will be. */
    public Freezes freezeAll(Instant until, String reason, Instant now) {
        Freezes.Freeze freeze = freeze(until, reason, now);
        return refreeze(freezes -> freezes.withAll(freeze), now);
    }

    private static Freezes.Freeze freeze(Instant until, String reason, Instant now) {
        if (!until.isAfter(now) || until.isAfter(now.plus(Freezes.LONGEST))) {
            throw new IllegalArgumentException("frozen until " + until + ": expected a time within the next "
                    + Freezes.LONGEST.toDays() + " days");
        }
        return new Freezes.Freeze(until, WireText.of(reason.getBytes(StandardCharsets.UTF_8)));
    }

    /** Ends what {@link #freeze} began; what holds for all of them goes on. */
    public Freezes thaw(Set<DeckyName> names, Instant now) {
        return refreeze(freezes -> freezes.without(names), now);
    }

    /** Ends whatever is frozen. */
    public Freezes thawAll(Instant now) {
        return refreeze(freezes -> Freezes.NONE, now);
    }

    private Freezes refreeze(UnaryOperator<Freezes> change, Instant now) {
        return locked(() -> {
            Freezes next = change.apply(freezes().at(now));
            StateFolder.write(folder.resolve(FREEZE), Json.bytes(next.toJson()));
            return next;
        });
    }

    /** Which machines are frozen, or were. @throws FleetException if that cannot be read */
    public Freezes freezes() {
        return stored(FREEZE, Freezes::read).orElse(Freezes.NONE);
    }

    /** Whether a machine is to be left as it is. @throws FleetException if that cannot be read */
    public boolean frozen(DeckyName name, Instant now) {
        return freezes().of(name, now).isPresent();
    }

    private <T> Optional<T> stored(String name, Function<ObjectNode, T> reader) {
        Path file = folder.resolve(name);
        try {
            return Optional.of(reader.apply(Json.parseObject(Files.readAllBytes(file))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new FleetException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    @FunctionalInterface
    private interface Writing<T> {
        T run() throws IOException;
    }

    private <T> T locked(Writing<T> work) {
        try {
            return StateFolder.locked(folder, () -> {
                StateFolder.make(folder.resolve("personas"));
                return work.run();
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the desired state in " + folder, e);
        }
    }

    /** What the process that serves the deckies must be able to read: folders and files, outermost first. */
    public List<Path> readable() {
        List<Path> paths = new ArrayList<>(List.of(folder, folder.resolve("personas"), desired()));
        Fleet fleet = read();
        fleet.deckies()
                .forEach(decky ->
                        paths.add(personaFile(decky.name(), decky.persona().archetype())));
        return paths;
    }

    private Path desired() {
        return folder.resolve("desired.json");
    }

    private Path personaFile(DeckyName name, String archetype) {
        return folder.resolve("personas").resolve(name.text() + "." + archetype + ".json");
    }

    private void writePersona(Decky decky) throws IOException {
        Path file = personaFile(decky.name(), decky.persona().archetype());
        byte[] bytes = Json.bytes(PersonaJson.write(decky.persona()));
        if (!Files.exists(file) || !java.util.Arrays.equals(Files.readAllBytes(file), bytes)) {
            StateFolder.write(file, bytes);
        }
    }
}
