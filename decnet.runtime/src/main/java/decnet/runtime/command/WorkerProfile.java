package decnet.runtime.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.CommandContext;
import decnet.core.ExitCode;
import decnet.core.Json;
import decnet.core.Snippet;
import decnet.runtime.ControlClient;
import decnet.runtime.ProcessFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/** Asks the process of a worker for a flight recording and waits until it is written. */
final class WorkerProfile {
    private static final Duration ANSWER = Duration.ofSeconds(5);
    /** Loading the recorder and writing the file come on top of the recording itself. */
    private static final Duration WRITING = Duration.ofSeconds(60);

    private final CommandContext context;
    private final String worker;
    private final int seconds;
    private final Optional<Path> output;

    WorkerProfile(CommandContext context, String worker, int seconds, Optional<Path> output) {
        this.context = context;
        this.worker = worker;
        this.seconds = seconds;
        this.output = output.map(Path::toAbsolutePath);
    }

    /** @return an {@link ExitCode} */
    int take() {
        if (seconds < 1 || seconds > 600) {
            context.err().println("--seconds: expected 1 to 600");
            return ExitCode.USAGE;
        }
        if (output.isPresent()
                && (Files.exists(output.get())
                        || !Files.isDirectory(output.get().resolveSibling(".")))) {
            context.err()
                    .println("--output: " + output.get()
                            + " exists, or its folder does not; choose another name, nothing is overwritten");
            return ExitCode.USAGE;
        }
        List<ProcessFile> alive = ProcessFile.all(context.places()).stream()
                .filter(ProcessFile::alive)
                .toList();
        Optional<ProcessFile> process =
                alive.stream().filter(file -> file.workers().contains(worker)).findFirst();
        if (process.isEmpty()) {
            return absent(alive);
        }
        Path socket = context.places().processSocket(process.get().process());
        Optional<ObjectNode> started = ControlClient.ask(
                socket, Json.object().put("op", "profile").put("worker", worker).put("seconds", seconds), ANSWER);
        if (started.isEmpty()) {
            context.err()
                    .println("process " + process.get().process() + " does not answer on " + socket
                            + "; are you the user who started it, or root?");
            return ExitCode.FAILED;
        }
        if (!started.get().path("ok").asBoolean()) {
            context.err().println(started.get().path("error").asText());
            return ExitCode.FAILED;
        }
        return await(socket, started.get());
    }

    private int absent(List<ProcessFile> alive) {
        if (context.catalogue().imageOfWorker(worker).isPresent()) {
            context.err().println("worker " + worker + " does not run; start it with  decnet up");
            return ExitCode.FAILED;
        }
        TreeSet<String> running = new TreeSet<>();
        alive.forEach(file -> running.addAll(file.workers()));
        context.err().println("unknown worker " + Snippet.of(worker) + "; running: " + String.join(", ", running));
        return ExitCode.USAGE;
    }

    private int await(Path socket, ObjectNode started) {
        long end = System.nanoTime() + WRITING.plusSeconds(seconds).toNanos();
        ObjectNode answer = started;
        while (answer.path("state").asText().equals("running")) {
            if (System.nanoTime() - end >= 0) {
                context.err()
                        .println("the recording is not written in time; look at "
                                + answer.path("file").asText());
                return ExitCode.FAILED;
            }
            LockSupport.parkNanos(200_000_000);
            Optional<ObjectNode> next = ControlClient.ask(socket, Json.object().put("op", "profile"), ANSWER);
            if (next.isEmpty() || !next.get().path("file").equals(started.path("file"))) {
                context.err()
                        .println("the process ended while it was recorded; see "
                                + started.path("file").asText());
                return ExitCode.FAILED;
            }
            answer = next.get();
        }
        if (!answer.path("state").asText().equals("done")) {
            context.err().println("no recording: " + answer.path("error").asText());
            return ExitCode.FAILED;
        }
        return deliver(Path.of(answer.path("file").asText()));
    }

    private int deliver(Path file) {
        try {
            Path last = output.isPresent() ? Files.move(file, output.get()) : file;
            context.out().println(last);
            return ExitCode.OK;
        } catch (IOException e) {
            context.err().println("the recording is " + file + ", but cannot be moved to " + output + ": " + e);
            return ExitCode.FAILED;
        }
    }
}
