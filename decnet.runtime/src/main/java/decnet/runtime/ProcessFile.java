package decnet.runtime;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import decnet.core.Places;
import decnet.core.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code <run>/<process>.json}: which process runs, so that others find it without bus or database.
 *
 * @param started when the process started, as the kernel knows it; tells a recycled pid apart
 * @param orm whether its boot layer holds {@code decnet.db}
 */
public record ProcessFile(String process, long pid, Instant started, String image, List<String> workers, boolean orm) {
    public ProcessFile {
        workers = List.copyOf(workers);
    }

    /** Describes the process this is called in. */
    public static ProcessFile ofThisProcess(String process, List<String> workers) {
        ProcessHandle self = ProcessHandle.current();
        return new ProcessFile(
                process,
                self.pid(),
                self.info().startInstant().orElse(Instant.EPOCH),
                Images.thisImage(),
                workers,
                ModuleLayer.boot().findModule("decnet.db").isPresent());
    }

    void write(Places places) {
        ObjectNode json = Json.object()
                .put("process", process)
                .put("pid", pid)
                .put("started", started.toString())
                .put("image", image)
                .put("orm", orm);
        ArrayNode names = json.putArray("workers");
        workers.forEach(names::add);
        Path file = places.processFile(process);
        try {
            WholeFile.replace(file, (Json.text(json) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + "; check the rights of " + places.run(), e);
        }
    }

    void delete(Places places) {
        try {
            Files.deleteIfExists(places.processFile(process));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + places.processFile(process), e);
        }
    }

    /** Whether the process lives: same pid, same start. */
    public boolean alive() {
        return ProcessHandle.of(pid)
                        .filter(ProcessHandle::isAlive)
                        .map(handle ->
                                handle.info().startInstant().orElse(started).equals(started))
                        .orElse(false)
                && !ended(pid);
    }

    /**
     * Whether the file was written by the user of the process it names, or by root: services of other users can write into the run
     * folder too, and must not be able to have a process ended that is not theirs.
     */
    boolean credible(Places places) {
        try {
            Object writer = Files.getAttribute(places.processFile(process), "unix:uid", LinkOption.NOFOLLOW_LINKS);
            return writer.equals(0)
                    || writer.equals(Files.getAttribute(Path.of("/proc", Long.toString(pid)), "unix:uid"));
        } catch (IOException e) {
            return false; // one of them is gone
        }
    }

    /** Whether it only waits for its parent to notice its end (proc_pid_stat: state Z or X), which in a container may never happen. */
    private static boolean ended(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            int state = stat.lastIndexOf(')') + 2;
            return state < stat.length() && "ZX".indexOf(stat.charAt(state)) >= 0;
        } catch (IOException e) {
            return true;
        }
    }

    static Optional<ProcessFile> read(Path file) {
        try {
            ObjectNode json = Json.parseObject(Files.readAllBytes(file));
            List<String> workers = new ArrayList<>();
            json.path("workers").forEach(name -> workers.add(name.asText()));
            return Optional.of(new ProcessFile(
                    json.path("process").asText(),
                    json.path("pid").asLong(),
                    Instant.parse(json.path("started").asText()),
                    json.path("image").asText(),
                    workers,
                    json.path("orm").asBoolean()));
        } catch (IOException | IllegalArgumentException | java.time.DateTimeException e) {
            return Optional.empty(); // gone, or being replaced
        }
    }

    /** The process files of an installation, alive or not, by name. */
    public static List<ProcessFile> all(Places places) {
        if (!Files.isDirectory(places.run())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(places.run())) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .flatMap(file -> read(file)
                            // nobody speaks under another's name
                            .filter(known -> file.equals(places.processFile(known.process())))
                            .stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + places.run(), e);
        }
    }
}
