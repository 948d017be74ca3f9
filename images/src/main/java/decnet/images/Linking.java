package decnet.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Makes one image with jlink. Options of the module graph are stored in it, as an AOT cache is dropped when they differ later. */
final class Linking {
    /** For every process; heap sizes come from the plan. */
    private static final List<String> OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            // small at first, and small again after a burst (IdleCollection)
            "-XX:InitialHeapSize=4m",
            "-XX:MinHeapSize=2m",
            "-XX:NewSize=512k",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=20",
            "-XX:-ShrinkHeapInSteps",
            "-XX:TrimNativeHeapInterval=2000",
            "-XX:StringTableSize=4096",
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:SymbolTableSize=4096",
            "-XX:ReservedCodeCacheSize=32m",
            // what runs a few times stays interpreted
            "-XX:CompileThresholdScaling=5",
            // every thread that runs Java touches these 4 KiB pages of its stack; no native code here takes more
            "-XX:StackShadowPages=10",
            "-Xss512k",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "-Dio.netty.noUnsafe=false",
            "-Dio.netty.jfr.enabled=false", // its events would start the flight recorder in every process
            "-Dio.netty.machineId=02:00:00:00:00:00:00:01", // else it looks for an interface, and there may be none
            "-Dfile.encoding=UTF-8",
            "-Djava.net.preferIPv4Stack=false",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-modules=io.netty.transport.epoll.linux.x86_64");

    private static final String NATIVE_ACCESS = "--enable-native-access=io.netty.common,"
            + "io.netty.transport.classes.epoll,io.netty.transport.unix.common,decnet.runtime";

    private Linking() {}

    static void link(Path image, Tier tier, List<Path> modulePath) throws IOException, InterruptedException {
        delete(image);
        Run.lines(List.of( // a process each: two at a time in one JVM disturb each other
                Path.of(System.getProperty("java.home"), "bin", "jlink").toString(),
                "--module-path",
                modulePath.stream().map(Path::toString).collect(Collectors.joining(":")),
                "--add-modules",
                String.join(",", tier.modules()),
                "--output",
                image.toString(),
                "--no-header-files",
                "--no-man-pages",
                "--strip-java-debug-attributes",
                "--ignore-signing-information",
                "--add-options",
                String.join(" ", OPTIONS) + " " + NATIVE_ACCESS + (tier.systemCalls() ? ",decnet.linux" : "")));
        launcher(image.resolve("bin").resolve("decnet"));
        unpackNative(image.resolve("lib"), modulePath);
        System.out.println("images: linked " + tier.name());
    }

    private static void launcher(Path file) throws IOException {
        Files.writeString(file, """
            #!/bin/sh
            # Runs DECNET's main class from the image this file lies in.
            self=$0
            while [ -L "$self" ]; do self=$(readlink -f "$self"); done
            d=${self%/*}
            exec "$d/java" -Xmx96m -XX:TieredStopAtLevel=4 $DECNET_JVM -m decnet.cli/decnet.cli.Main "$@"
            """);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Netty finds its library in the image and so unpacks nothing into the temporary folder at each start. */
    private static void unpackNative(Path lib, List<Path> modulePath) throws IOException {
        for (Path jar : modulePath) {
            if (!jar.getFileName().toString().startsWith("netty-transport-native-epoll")
                    || !jar.toString().endsWith(".jar")) {
                continue;
            }
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                List<? extends ZipEntry> libraries = zip.stream()
                        .filter(entry -> entry.getName().endsWith(".so"))
                        .toList();
                for (ZipEntry entry : libraries) {
                    String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                    try (InputStream in = zip.getInputStream(entry)) {
                        Files.copy(in, lib.resolve(name));
                    }
                }
            }
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
