package decnet.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proof holds for the modules as they are, and fails for one that reaches the database. */
final class BoundaryProofTest {
    private static final String USES_IT = """
        package doctored;
        public final class Sneaky {
            public static Class<?> database() {
                return decnet.db.Database.class;
            }
        }
        """;

    @TempDir
    private Path folder;

    @Test
    void theModulesKeepTheBoundary() {
        BoundaryProof proof = new BoundaryProof(modulePath());

        assertThat(proof.breaches(Tier.NEVER_DB, Tier.ORM)).isEmpty();
    }

    @Test
    void aModuleThatRequiresTheDatabaseIsFoundByItsDescriptor() throws IOException {
        compile("module doctored { requires decnet.db; exports doctored; }", "package doctored; public class Empty {}");

        assertThat(breaches()).contains("descriptor: doctored -> decnet.db");
    }

    @Test
    void aModuleThatReachesTheDatabaseThroughAnotherIsFoundWithTheChain() throws IOException {
        compile("module doctored { requires decnet.operator; }", "package doctored; public class Empty {}");

        assertThat(breaches()).contains("descriptor: doctored -> decnet.operator -> decnet.db");
    }

    @Test
    void aModuleThatOnlyNamesItsClassesIsFoundByThem() throws IOException {
        compile("module doctored { requires static decnet.db; exports doctored; }", USES_IT);

        assertThat(breaches()).containsExactly("classes: doctored uses classes of decnet.db");
    }

    private List<String> breaches() {
        List<Path> path = new ArrayList<>(modulePath());
        path.add(folder.resolve("classes"));
        return new BoundaryProof(path).breaches(List.of("doctored"), Tier.ORM);
    }

    private void compile(String descriptor, String source) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("source"));
        Path module = Files.writeString(sources.resolve("module-info.java"), descriptor);
        String name = source.contains("Sneaky") ? "Sneaky" : "Empty";
        Path type = Files.writeString(sources.resolve(name + ".java"), source);
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-d",
                        folder.resolve("classes").toString(),
                        "--module-path",
                        modulePath().stream().map(Path::toString).collect(Collectors.joining(":")),
                        module.toString(),
                        type.toString());
        assertThat(code).as("exit code of javac").isZero();
    }

    /** What this test was started with, except what belongs to the images module itself and to the test frameworks. */
    private static List<Path> modulePath() {
        return Stream.of(System.getProperty("java.class.path").split(":"))
                .map(Path::of)
                .filter(Files::exists)
                .filter(path -> !path.endsWith("images/target/classes")
                        && !path.endsWith("images/target/test-classes")
                        && !path.toString().contains("junit")
                        && !path.toString().contains("decnet.testing"))
                .toList();
    }
}
