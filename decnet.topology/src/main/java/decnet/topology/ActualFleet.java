package decnet.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.DeckyName;
import decnet.core.Json;
import decnet.core.Places;
import decnet.core.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one process has made of the desired state: {@code netd} tells of networks, {@code decoys} of services. Each writes its own file in
 * the run folder, at every change and at least every 10 s.
 *
 * @param version of the desired state it was compared with
 * @param at when
 * @param machines those of the desired state, in its order
 * @param leftovers names of what is there and should not be
 */
public record ActualFleet(long version, Instant at, List<Machine> machines, List<String> leftovers) {
    private static final long MAX_BYTES = 16 << 20;

    public ActualFleet {
        machines = List.copyOf(machines);
        leftovers = List.copyOf(leftovers);
    }

    /**
     * How it stands with one machine.
     *
     * @param problems what is not as it should be, for a person; empty if all is
     * @param made which network it has: another number when that was made anew; 0 if it has none of its own
     */
    public record Machine(DeckyName name, List<String> problems, long made) {
        public Machine {
            problems = List.copyOf(problems);
        }

        /** Of somebody who makes no networks. */
        public Machine(DeckyName name, List<String> problems) {
            this(name, problems, 0);
        }

        public boolean sound() {
            return problems.isEmpty();
        }
    }

    public Optional<Machine> machine(DeckyName name) {
        return machines.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The file of a process: {@code netd} or {@code decoys}. */
    public static Path file(Places places, String process) {
        return places.run().resolve(process + ".fleet");
    }

    /** @throws IOException if it cannot be written; what was told before then stands */
    public void write(Path file) throws IOException {
        ObjectNode json = Json.object().put("version", version).put("at", at.toString());
        ArrayNode all = json.putArray("machines");
        for (Machine machine : machines) {
            ObjectNode one = all.addObject().put("name", machine.name().text());
            if (machine.made() != 0) {
                one.put("made", machine.made());
            }
            ArrayNode problems = one.putArray("problems");
            machine.problems().forEach(problems::add);
        }
        ArrayNode left = json.putArray("leftovers");
        leftovers.forEach(left::add);
        WholeFile.replace(file, Json.bytes(json));
    }

    /**
     * Reads what a process has told.
     *
     * @return empty if it has told nothing yet
     * @throws IOException if the file cannot be read, or is not one of these: a process that was taken over may write anything
     */
    public static Optional<ActualFleet> read(Path file) throws IOException {
        return read(file, MAX_BYTES);
    }

    /**
     * As {@link #read(Path)}, for a reader with little memory.
     *
     * @param mostBytes a longer file is refused unread; what is read takes up to twenty-five times as much
     */
    public static Optional<ActualFleet> read(Path file, long mostBytes) throws IOException {
        try {
            JsonNode json = Json.parseObject(bytes(file, mostBytes));
            List<Machine> machines = new ArrayList<>();
            for (JsonNode one : json.path("machines")) {
                machines.add(new Machine(
                        new DeckyName(PersonaJson.text(one, "name")),
                        texts(one.path("problems")),
                        one.path("made").asLong()));
            }
            return Optional.of(new ActualFleet(
                    json.path("version").asLong(),
                    PersonaJson.time(json, "at"),
                    machines,
                    texts(json.path("leftovers"))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** No link, no pipe, no device: whoever may write in the folder could have put one there. */
    private static byte[] bytes(Path file, long most) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isRegularFile()) {
            throw new IOException(file + ": not a regular file");
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes((int) Math.min(most, MAX_BYTES) + 1);
            if (bytes.length > most) {
                throw new IOException(file + ": larger than " + most + " bytes");
            }
            return bytes;
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(one.asText()));
        return texts;
    }
}
