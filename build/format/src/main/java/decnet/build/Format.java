package decnet.build;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Checks or writes the format of all Java sources below the folder given: {@code Format check|write|skip ROOT}. */
final class Format {
    private Format() {}

    public static void main(String[] args) throws Exception {
        if (args[0].equals("skip")) {
            return;
        }
        boolean write = args[0].equals("write");
        Path root = Path.of(args[1]);
        Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .formatJavadoc(false)
                .build());
        List<Path> wrong = new ArrayList<>();
        List<Path> sources = sources(root);
        for (Path source : sources) {
            String before = Files.readString(source);
            String after;
            try {
                after = formatter.formatSourceAndFixImports(before);
            } catch (FormatterException e) {
                System.err.println("format: " + root.relativize(source) + ":" + e.getMessage());
                System.exit(1);
                return;
            }
            if (!after.equals(before)) {
                wrong.add(root.relativize(source));
                if (write) {
                    Files.writeString(source, after);
                }
            }
        }
        if (wrong.isEmpty() || write) {
            System.out.printf(
                    "format: %d sources, %d %s%n", sources.size(), wrong.size(), write ? "rewritten" : "to change");
            return;
        }
        wrong.forEach(path -> System.err.println("format: not formatted: " + path));
        System.err.println("format: run  mvn -q -pl build/format process-classes -Dformat=write");
        System.exit(1);
    }

    private static List<Path> sources(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.toString().contains("/target/")
                            && !path.toString().contains("/.git/"))
                    .filter(path -> !path.getFileName().toString().equals("module-info.java"))
                    .toList();
        }
    }
}
