package decnet.topology;

import decnet.core.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The topologies of this host, drawn and deployed: {@code NAME.json} each. Who writes says which version the change was made from; if
 * somebody else was faster nothing is written. Thread-safe.
 */
public final class TopologyStore {
    /** Most topologies of a host. */
    public static final int MAX_TOPOLOGIES = 200;

    private final Path folder;

    /** @param folder {@code <state>/topologies}; made on the first write */
    public TopologyStore(Path folder) {
        this.folder = folder;
    }

    /** @throws FleetException if it cannot be read */
    public Optional<Topology> read(String name) {
        Path file = file(name);
        try {
            return Optional.of(TopologyJson.read(Json.parseObject(Files.readAllBytes(file))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException | FleetException e) {
            throw new FleetException("cannot read the topology " + file + ": " + e.getMessage(), e);
        }
    }

    /** All, sorted by name. @throws FleetException if one cannot be read */
    public List<Topology> all() {
        List<String> names;
        try (Stream<Path> files = Files.list(folder)) {
            names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .filter(TopologyLan::validName)
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new FleetException("cannot read the topologies in " + folder + ": " + e.getMessage(), e);
        }
        List<Topology> all = new ArrayList<>();
        names.forEach(name -> read(name).ifPresent(all::add));
        return all;
    }

    /**
     * Stores a topology, if the one that is there still has the version of this one: 0 if none is to be there.
     *
     * @return as it is stored, with the next version; empty if somebody else changed it in between
     * @throws FleetException if there are too many
     * @throws UncheckedIOException if it cannot be written
     */
    public Optional<Topology> write(Topology topology) {
        return locked(() -> {
            long present = read(topology.name()).map(Topology::version).orElse(0L);
            if (present != topology.version()) {
                return Optional.empty();
            }
            if (present == 0 && all().size() >= MAX_TOPOLOGIES) {
                throw new FleetException(
                        List.of("there are " + MAX_TOPOLOGIES + " topologies already; delete one that is not needed"));
            }
            Topology next = topology.withVersion(present + 1);
            StateFolder.write(
                    file(topology.name()),
                    (Json.pretty(TopologyJson.write(next)) + "\n").getBytes(StandardCharsets.UTF_8));
            return Optional.of(next);
        });
    }

    /** Removes a topology, if it still has that version. @return whether it had */
    public boolean delete(String name, long expectedVersion) {
        return locked(() -> {
            if (read(name).filter(one -> one.version() == expectedVersion).isEmpty()) {
                return false;
            }
            Files.deleteIfExists(file(name));
            return true;
        });
    }

    private <T> T locked(StateFolder.Work<T> work) {
        try {
            return StateFolder.locked(folder, work);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the topologies in " + folder + ": " + e.getMessage(), e);
        }
    }

    private Path file(String name) {
        return folder.resolve(TopologyLan.checkedName("topology", name) + ".json");
    }
}
