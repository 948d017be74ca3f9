package decnet.packages;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** One thing that a package installs, owned by root. {@code path} is absolute. */
sealed interface Entry {
    String path();

    /** A folder, 0755. */
    record Folder(String path) implements Entry {}

    /** A symbolic link. */
    record Link(String path, String target) implements Entry {}

    /** A file copied from the build. */
    record Copy(String path, Path source, int mode) implements Entry {}

    /** A file made here. */
    record Made(String path, byte[] content, int mode) implements Entry {
        static Made text(String path, String text) {
            return new Made(path, text.getBytes(StandardCharsets.UTF_8), 0644);
        }
    }

    /** A file, folder or link as it lies in the build; of the permission bits only the executable one is kept, for programs. */
    static Entry copy(String path, Path source) throws IOException {
        if (Files.isSymbolicLink(source)) {
            return new Link(path, Files.readSymbolicLink(source).toString());
        }
        return Files.isDirectory(source)
                ? new Folder(path)
                : new Copy(path, source, Files.isExecutable(source) && !path.contains(".so") ? 0755 : 0644);
    }
}
