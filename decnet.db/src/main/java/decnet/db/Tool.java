package decnet.db;

import decnet.core.WireText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A short run of another program. */
final class Tool {
    private static final int MAX_OUTPUT = 1 << 16;
    private static final long PATIENCE_SECONDS = 120;

    private Tool() {}

    static String run(List<String> argv) {
        return run(argv, "");
    }

    /**
     * @return what it wrote, at most 64 KiB
     * @throws StoreException if it cannot be started, fails, or takes longer than two minutes
     */
    static String run(List<String> argv, String input) {
        try {
            ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
            builder.directory(new java.io.File("/"));
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            byte[] output = process.getInputStream().readNBytes(MAX_OUTPUT);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new StoreException(argv.getFirst() + " did not end within " + PATIENCE_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                int from = Math.max(0, output.length - 800);
                throw new StoreException(String.join(" ", argv) + " ended with status " + process.exitValue() + ": "
                        + WireText.of(output, from, output.length));
            }
            return new String(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new StoreException("cannot run " + argv.getFirst() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while running " + argv.getFirst(), e);
        }
    }
}
