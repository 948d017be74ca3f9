package decnet.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Files that are replaced whole, in folders that others may write too: a reader sees the one before or the one after, and whatever
 * somebody has put in the place of the draft, a link to a file of ours say, is removed and never written through. Not synced to disk.
 */
public final class WholeFile {
    private WholeFile() {}

    /**
     * Replaces {@code file}, by way of {@code file.tmp}. One writer at a time.
     *
     * @throws IOException if it cannot be written; the former content then stands
     */
    public static void replace(Path file, byte[] content) throws IOException {
        replace(file, content, false);
    }

    /** As {@link #replace}, for the owner of the folder (see {@link FolderOwner}). */
    public static void replaceForFolder(Path file, byte[] content) throws IOException {
        replace(file, content, true);
    }

    private static void replace(Path file, byte[] content, boolean forFolder) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(draft);
        // made here or not at all
        Files.write(draft, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        if (forFolder) {
            FolderOwner.takeOver(draft);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
