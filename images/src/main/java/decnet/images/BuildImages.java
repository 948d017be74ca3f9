package decnet.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Links, trains and proves every image, unless nothing they are made of has changed: {@code BuildImages IMAGES_FOLDER}. */
final class BuildImages {
    private BuildImages() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        List<Path> modulePath = modulePath();
        String stamp = stamp(modulePath);
        Path stampFile = folder.resolve(".stamp").resolve("inputs");
        boolean complete = Tier.ALL.stream()
                .allMatch(tier -> Files.isExecutable(folder.resolve(tier.name()).resolve("bin/decnet")));
        if (complete && Files.exists(stampFile) && Files.readString(stampFile).equals(stamp)) {
            System.out.println("images: nothing to do, inputs unchanged");
            return;
        }
        Files.deleteIfExists(stampFile);
        prove(modulePath);
        long start = System.nanoTime();
        link(folder, modulePath);
        Catalogues.write(folder);
        NativeLibraries.share(folder);
        Training.run(folder);
        checkLinked(folder);
        Files.createDirectories(stampFile.getParent());
        Files.writeString(stampFile, stamp);
        System.out.printf("images: linked and trained in %d s%n", (System.nanoTime() - start) / 1_000_000_000);
    }

    /** Every modular jar of the class path this program was started with, which is the images module's. */
    private static List<Path> modulePath() {
        return Stream.of(System.getProperty("java.class.path").split(":"))
                .map(Path::of)
                .filter(path -> !path.endsWith("images/target/classes") && Files.exists(path))
                .toList();
    }

    private static String stamp(List<Path> modulePath) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        digest.update(Runtime.version().toString().getBytes(StandardCharsets.UTF_8));
        Path ownClasses = Path.of(System.getProperty("java.class.path").split(":")[0]);
        List<Path> inputs = new ArrayList<>(modulePath);
        inputs.add(ownClasses);
        for (Path input : inputs) {
            try (Stream<Path> files = Files.walk(input)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
                    digest.update(content(file));
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest()) + "\n";
    }

    /** A jar's times change with every packaging, its entries' checksums only with its content. */
    private static byte[] content(Path file) throws IOException {
        if (!file.toString().endsWith(".jar")) {
            return Files.readAllBytes(file);
        }
        StringBuilder entries = new StringBuilder();
        try (var zip = new java.util.zip.ZipFile(file.toFile())) {
            zip.stream()
                    .filter(entry -> !entry.isDirectory()
                            && !entry.getName().startsWith("META-INF/maven/")
                            && !entry.getName().equals("META-INF/MANIFEST.MF"))
                    .sorted(java.util.Comparator.comparing(java.util.zip.ZipEntry::getName))
                    .forEach(entry -> entries.append(entry.getName())
                            .append(entry.getCrc())
                            .append('\n'));
        }
        return entries.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void prove(List<Path> modulePath) {
        List<String> breaches = new BoundaryProof(modulePath).breaches(Tier.NEVER_DB, Tier.ORM);
        if (!breaches.isEmpty()) {
            breaches.forEach(breach -> System.err.println("boundary broken: " + breach));
            System.exit(1);
        }
        System.out.println("images: boundary holds, " + String.join(" ", Tier.NEVER_DB) + " cannot reach the database");
    }

    private static void link(Path folder, List<Path> modulePath) throws Exception {
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            List<Future<Void>> links = new ArrayList<>();
            for (Tier tier : Tier.ALL) {
                links.add(two.submit(() -> {
                    Linking.link(folder.resolve(tier.name()), tier, modulePath);
                    return null;
                }));
            }
            for (Future<Void> link : links) {
                link.get();
            }
        }
    }

    /** The last word has the finished image itself. */
    private static void checkLinked(Path folder) throws IOException, InterruptedException {
        for (Tier tier : Tier.ALL) {
            List<String> modules = Run.lines(List.of(
                    folder.resolve(tier.name()).resolve("bin/java").toString(), "-Xshare:off", "--list-modules"));
            for (String orm : Tier.ORM) {
                boolean there = modules.stream().anyMatch(line -> line.equals(orm) || line.startsWith(orm + "@"));
                if (there && !tier.orm()) {
                    System.err.println("boundary broken: the image " + tier.name() + " holds " + orm);
                    System.exit(1);
                }
            }
            if (modules.stream().anyMatch(line -> line.startsWith("java.desktop"))) {
                System.err.println(
                        "the image " + tier.name() + " holds java.desktop: 20 MB that nobody needs; see third-party");
                System.exit(1);
            }
        }
    }
}
