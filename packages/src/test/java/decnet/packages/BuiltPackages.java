package decnet.packages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The packages this build has made. */
final class BuiltPackages {
    static final Path ROOT = Path.of(System.getProperty("decnet.root")).toAbsolutePath();

    /** A version that is higher than any of ours. */
    static final String HIGHER = "99.1";

    private BuiltPackages() {}

    static Path folder() {
        return ROOT.resolve("packages/target/deb");
    }

    /** The same as a higher version, made when first asked for. */
    static List<Path> higher() throws IOException, InterruptedException {
        Path folder = ROOT.resolve("packages/target/deb-higher");
        BuildPackages.main(new String[] {
            ROOT.toString(),
            folder.toString(),
            System.getProperty("decnet.version"),
            "--version=" + HIGHER,
            "--compression=none"
        });
        return in(folder);
    }

    static List<Path> all() {
        return in(folder());
    }

    static List<Path> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(".deb"))
                    .sorted()
                    .toList();
            if (found.size() != Packages.TIERS.size()) {
                throw new AssertionError("expected a package per tier in " + folder + ", found " + found);
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException("the packages are not built: " + folder, e);
        }
    }
}
