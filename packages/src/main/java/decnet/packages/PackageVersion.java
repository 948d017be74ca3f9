package decnet.packages;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/**
 * Version and time of the packages.
 *
 * @param text a Debian version without epoch and revision
 * @param time given to every file in them
 */
record PackageVersion(String text, Instant time) {
    private static final DateTimeFormatter BUILD =
            DateTimeFormatter.ofPattern("yyyyMMdd.HHmmss").withZone(ZoneOffset.UTC);

    PackageVersion {
        if (!text.matches("[0-9][A-Za-z0-9.+~]*")) {
            throw new IllegalArgumentException(
                    "version: expected a digit, then letters, digits and . + ~, found " + text);
        }
    }

    /**
     * A release keeps the version of the build; a snapshot sorts before it and after older snapshots.
     *
     * @param build as Maven writes it, {@code 1.2.0-SNAPSHOT}
     * @param wanted used as it is, unless empty
     * @param time of the sources
     */
    static PackageVersion of(String build, String wanted, Instant time) {
        String text = wanted.isEmpty() ? build.replace("-SNAPSHOT", "~SNAPSHOT+" + BUILD.format(time)) : wanted;
        return new PackageVersion(text.replace('-', '~'), time);
    }

    /** {@code $SOURCE_DATE_EPOCH}, else the time of the last commit, else the first second of 1980. */
    static Instant timeOfSources(Path root, Map<String, String> environment) throws IOException {
        String set = environment.getOrDefault("SOURCE_DATE_EPOCH", "");
        String seconds = set.isEmpty() ? lastCommit(root) : set;
        return Instant.ofEpochSecond(seconds.matches("\\d{1,11}") ? Long.parseLong(seconds) : 315_532_800);
    }

    private static String lastCommit(Path root) throws IOException {
        try {
            Process git = new ProcessBuilder("git", "-C", root.toString(), "log", "-1", "--format=%ct")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            return ""; // no git: a tree from an archive
        }
    }
}
