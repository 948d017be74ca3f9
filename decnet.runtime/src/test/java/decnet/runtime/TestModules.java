package decnet.runtime;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What it takes to run a main class of these tests in another JVM, in the module as it is here. */
final class TestModules {
    private TestModules() {}

    static List<String> options() {
        List<String> options = new ArrayList<>();
        String path = System.getProperty("jdk.module.path", "");
        Path tests;
        try {
            tests = Path.of(TestModules.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        options.add("--module-path");
        options.add(path);
        options.add("--patch-module");
        options.add("decnet.runtime=" + testClasses(tests));
        options.add("--add-modules");
        options.add("io.netty.transport.epoll.linux.x86_64");
        options.add("--enable-native-access=ALL-UNNAMED");
        return options;
    }

    /** Where this module's classes come from, the tests' come beside. */
    private static Path testClasses(Path module) {
        Path folder = module.endsWith("test-classes") ? module : module.resolveSibling("test-classes");
        if (!Files.isDirectory(folder)) {
            throw new IllegalStateException("no folder of test classes: " + folder + ", module path "
                    + Stream.of(System.getProperty("jdk.module.path", "").split(File.pathSeparator))
                            .toList());
        }
        return folder;
    }
}
