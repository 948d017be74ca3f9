package decnet.operator.command;

import com.fasterxml.jackson.databind.JsonNode;
import decnet.core.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Plays a recording of asciinema's format, version 2: a JSON object in the first line, then {@code [seconds, "o", text]} per line;
 * kinds other than {@code o} are not shown. Everything passes {@link TerminalFilter}, as strangers wrote it. One use, one thread.
 */
final class Replay {
    private static final double LONGEST_PAUSE_SECONDS = 2;

    private final PrintWriter out;
    private final TerminalFilter filter;
    /** 0: all at once. */
    private final double speed;

    private Replay(PrintWriter out, TerminalFilter filter, double speed) {
        this.out = out;
        this.filter = filter;
        this.speed = speed;
    }

    static Replay text(PrintWriter out) {
        return new Replay(out, TerminalFilter.textOnly(), 0);
    }

    /** Pauses are kept, at most two seconds each. */
    static Replay timed(PrintWriter out, double speed) {
        return new Replay(out, TerminalFilter.harmless(), speed);
    }

    /** @throws IllegalStateException if the file is no recording of this format */
    void play(Path file) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            String header = lines.readLine();
            if (header == null || version(header) != 2) {
                throw new IllegalStateException(file + " is no asciicast of version 2");
            }
            double last = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isBlank()) {
                    continue;
                }
                JsonNode frame = frame(file, line);
                double at = frame.path(0).asDouble();
                pause(at - last);
                last = at;
                if (frame.path(1).asText().equals("o")) {
                    out.print(filter.filter(frame.path(2).asText()));
                    out.flush();
                }
            }
            if (speed > 0) {
                out.print("\033[0m\033[?25h"); // whatever it left behind
            }
            out.println();
            out.flush();
        }
    }

    private static int version(String header) {
        try {
            return Json.parseObject(header).path("version").asInt();
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    private static JsonNode frame(Path file, String line) {
        try {
            return Json.parseObject("{\"frame\":" + line + "}").path("frame");
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(file + " is damaged: " + e.getMessage(), e);
        }
    }

    private void pause(double seconds) {
        if (speed > 0 && seconds > 0) {
            double wait = Math.min(seconds, LONGEST_PAUSE_SECONDS) / speed;
            long end = System.nanoTime() + (long) (wait * 1e9);
            for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
        }
    }
}
