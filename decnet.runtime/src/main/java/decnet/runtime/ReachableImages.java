package decnet.runtime;

import static java.lang.System.Logger.Level.INFO;

import decnet.core.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Images that the unprivileged users can reach: those given, or, when they lie below a folder that is closed to others (a clone
 * below {@code /root}), a copy in the state folder, made of hard links where the file system allows.
 */
final class ReachableImages {
    private static final System.Logger LOG = System.getLogger(ReachableImages.class.getName());
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private ReachableImages() {}

    static Images of(Images images, Places places, BooleanSupplier stopped) throws IOException {
        Path closed = firstClosed(images.folder());
        if (closed == null) {
            return images;
        }
        Path copy = places.state().resolve("images");
        String wanted = stamp(images.folder());
        if (!wanted.isEmpty() && stamp(copy).equals(wanted)) {
            return new Images(copy);
        }
        LOG.log(INFO, () -> "other users cannot enter " + closed + ", copying the images to " + copy);
        run(List.of("rm", "-rf", copy.toString()), stopped);
        Files.createDirectories(copy);
        // -l fails across file systems; then it has to be a real copy. The stamp last: it says that all is there
        String script =
                "cd \"$0\" && for i in bus netd decoy capture herd heavy mono postgres .stamp; do [ ! -e \"$i\" ] ||"
                        + " cp -al \"$i\" \"$1/\" 2>/dev/null || { rm -rf \"$1/$i\"; cp -a \"$i\" \"$1/\"; } || exit 1;"
                        + " done";
        run(List.of("sh", "-c", script, images.folder().toString(), copy.toString()), stopped);
        return new Images(copy);
    }

    private static @org.jspecify.annotations.Nullable Path firstClosed(Path folder) throws IOException {
        Path path = Path.of("/");
        for (Path name : folder.toRealPath()) {
            path = path.resolve(name);
            if (!Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return path;
            }
        }
        return null;
    }

    private static String stamp(Path images) throws IOException {
        Path file = images.resolve(".stamp").resolve("inputs");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private static void run(List<String> command, BooleanSupplier stopped) throws IOException {
        try {
            Tool tool = Tool.run(command, Map.of(), PATIENCE, stopped);
            if (tool.code() != 0) {
                throw new IOException("cannot copy the images: " + tool.err());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while copying the images", e);
        }
    }
}
