package decnet.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a command to its end. */
final class Run {
    private Run() {}

    /** @return what it printed on standard output, by line. @throws IOException if its exit code is not 0 */
    static List<String> lines(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException("exit code " + code + ": " + String.join(" ", command) + "\n" + out);
        }
        return out.lines().toList();
    }
}
