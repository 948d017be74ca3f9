package decnet.packages;

import decnet.core.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Makes all packages from the finished images: {@code BuildPackages ROOT FOLDER BUILD_VERSION [--version=V] [--compression=C]}. Does
 * nothing if those in the folder are of the same images, version and program.
 */
public final class BuildPackages {
    private BuildPackages() {}

    /** @throws IOException if an image is missing or a package cannot be written */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path root = Path.of(arguments[0]);
        Path folder = Path.of(arguments[1]);
        PackageVersion version = PackageVersion.of(
                arguments[2], option(arguments, "--version=", ""), PackageVersion.timeOfSources(root, System.getenv()));
        String compression = option(arguments, "--compression=", "gzip");
        Path images = root.resolve("images");
        long start = System.nanoTime();
        String stamp = stamp(images, version, compression);
        Path stampFile = folder.resolve(".stamp");
        if (Files.isRegularFile(stampFile) && Files.readString(stampFile).equals(stamp)) {
            System.out.println("packages: nothing to do, " + version.text() + " is there");
            return;
        }
        Files.createDirectories(folder);
        Files.deleteIfExists(stampFile);
        deleteOld(folder);
        List<Path> written =
                write(new Packages(images, version, catalogue(images)), new DebWriter(version, compression), folder);
        Files.writeString(stampFile, stamp);
        long bytes = 0;
        for (Path file : written) {
            bytes += Files.size(file);
        }
        System.out.printf(
                "packages: %d of version %s, %d MiB, in %d s%n",
                written.size(), version.text(), bytes >> 20, (System.nanoTime() - start) / 1_000_000_000);
    }

    /** What the images of a build can do. */
    static Catalogue catalogue(Path images) throws IOException {
        return Catalogue.read(images.resolve("bus/conf/decnet-catalogue.json"));
    }

    private static List<Path> write(Packages packages, DebWriter writer, Path folder)
            throws IOException, InterruptedException {
        List<Path> written = new ArrayList<>();
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            List<Future<Path>> all = new ArrayList<>();
            for (Packages.Tier tier : Packages.TIERS) {
                all.add(two.submit(() -> writer.write(packages.make(tier), folder)));
            }
            for (Future<Path> one : all) {
                written.add(one.get());
            }
            return written;
        } catch (ExecutionException e) {
            throw new IOException("a package cannot be written", e);
        }
    }

    private static String option(String[] arguments, String name, String otherwise) {
        String value = otherwise;
        for (String argument : arguments) {
            if (argument.startsWith(name) && argument.length() > name.length()) {
                value = argument.substring(name.length());
            }
        }
        return value;
    }

    /** Images are named by their own stamp; this program by the times of its class files. */
    private static String stamp(Path images, PackageVersion version, String compression) throws IOException {
        StringBuilder text = new StringBuilder(Files.readString(images.resolve(".stamp/inputs")));
        text.append(version.text())
                .append(' ')
                .append(version.time())
                .append(' ')
                .append(compression);
        for (String element : System.getProperty("java.class.path").split(":")) {
            Path path = Path.of(element);
            if (Files.isDirectory(path)) {
                try (Stream<Path> files = Files.walk(path)) {
                    for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                        text.append('\n').append(file).append(' ').append(Files.getLastModifiedTime(file));
                    }
                }
            }
        }
        return text.append('\n').toString();
    }

    private static void deleteOld(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".deb")).toList()) {
                Files.delete(file);
            }
        }
    }
}
