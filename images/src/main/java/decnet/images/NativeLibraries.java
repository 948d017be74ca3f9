package decnet.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Makes identical native libraries of all images one file each: the kernel shares their pages by file. */
final class NativeLibraries {
    private NativeLibraries() {}

    static void share(Path folder) throws IOException {
        Path first = folder.resolve(Tier.ALL.getFirst().name());
        int shared = 0;
        for (Tier tier : Tier.ALL.subList(1, Tier.ALL.size())) {
            Path image = folder.resolve(tier.name());
            try (Stream<Path> files = Files.walk(image.resolve("lib"))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".so")).toList()) {
                    Path original = first.resolve(image.relativize(file));
                    if (Files.isRegularFile(original)
                            && Files.mismatch(original, file) < 0
                            && !Files.isSameFile(original, file)) {
                        Files.delete(file);
                        Files.createLink(file, original);
                        shared++;
                    }
                }
            }
        }
        System.out.println("images: " + shared + " native libraries hard-linked");
    }
}
