package decnet.packages;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** The written parts of the packages, from the resources of this module. */
final class Texts {
    private final PackageVersion version;

    Texts(PackageVersion version) {
        this.version = version;
    }

    static byte[] bytes(String resource) {
        try (InputStream in = Texts.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the build lacks " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String resource) {
        return new String(bytes(resource), StandardCharsets.UTF_8);
    }

    /** Licence, changes, and what lintian is told to accept. */
    List<Entry> documents(String name) {
        String folder = "/usr/share/doc/" + name;
        List<Entry> entries = new ArrayList<>();
        entries.add(Entry.Made.text(folder + "/copyright", text("copyright")));
        String date = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(version.time());
        String changes = name + " (" + version.text() + ") stable; urgency=medium\n\n"
                + "  * See CHANGELOG.md of the sources.\n\n -- DECNET maintainers <maintainers@decnet.invalid>  " + date
                + "\n";
        entries.add(new Entry.Made(folder + "/changelog.gz", packed(changes.getBytes(StandardCharsets.UTF_8)), 0644));
        entries.add(Entry.Made.text("/usr/share/lintian/overrides/" + name, overrides(name)));
        return entries;
    }

    /** Lines {@code PATTERN: override} whose pattern matches the package, with the comment above each. */
    private static String overrides(String name) {
        StringBuilder overrides = new StringBuilder();
        String comment = "";
        for (String line : text("lintian-overrides").lines().toList()) {
            int colon = line.indexOf(": ");
            if (line.startsWith("#")) {
                comment = line + "\n";
            } else if (colon > 0 && name.matches(line.substring(0, colon))) {
                overrides
                        .append(comment)
                        .append(name)
                        .append(line.substring(colon))
                        .append('\n');
            }
        }
        return overrides.toString();
    }

    static Entry manual() {
        return new Entry.Made("/usr/share/man/man1/decnet.1.gz", packed(bytes("decnet.1")), 0644);
    }

    /** As {@code gzip -9n}: no name, no time. */
    private static byte[] packed(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] bytes = packed.toByteArray();
        bytes[8] = 2; // the header says that it was pressed hard, which Java leaves out
        return bytes;
    }
}
