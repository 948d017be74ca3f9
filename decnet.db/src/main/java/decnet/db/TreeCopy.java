package decnet.db;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Copies folders of a running system with owners and permissions: what vanishes meanwhile is left out, links are copied as links, and
 * sockets and pipes not at all. What is there already stays as it is.
 */
final class TreeCopy extends SimpleFileVisitor<Path> {
    private final Path from;
    private final Path to;
    private final Predicate<Path> wanted;
    private long files;
    private long bytes;

    private TreeCopy(Path from, Path to, Predicate<Path> wanted) {
        this.from = from;
        this.to = to;
        this.wanted = wanted;
    }

    /** What was copied. */
    record Sum(long files, long bytes) {}

    /** @param wanted asked with the path below {@code from}; a folder that is not wanted is left out with all it holds */
    static Sum copy(Path from, Path to, Predicate<Path> wanted) throws IOException {
        TreeCopy copy = new TreeCopy(from, to, wanted);
        Files.walkFileTree(from, copy);
        return new Sum(copy.files, copy.bytes);
    }

    private Path target(Path path) {
        return to.resolve(from.relativize(path).toString());
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
        if (!folder.equals(from) && !wanted.test(from.relativize(folder))) {
            return FileVisitResult.SKIP_SUBTREE;
        }
        Path target = target(folder);
        if (!Files.isDirectory(target)) {
            Files.createDirectory(
                    target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Map<String, Object> owner = Files.readAttributes(folder, "unix:uid,gid");
            Files.setAttribute(target, "unix:uid", owner.get("uid"));
            Files.setAttribute(target, "unix:gid", owner.get("gid"));
            Files.setPosixFilePermissions(target, Files.getPosixFilePermissions(folder));
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Path target = target(file);
        if (attributes.isOther()
                || !wanted.test(from.relativize(file))
                || Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return FileVisitResult.CONTINUE;
        }
        try {
            Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            files++;
            bytes += attributes.size();
        } catch (NoSuchFileException e) {
            return FileVisitResult.CONTINUE; // a journal or a database removes files of its own all the time
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }
}
