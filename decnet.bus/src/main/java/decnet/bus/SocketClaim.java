package decnet.bus;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;

/**
 * The right to be the one broker at a socket path: a lock on a file beside it, held as long as the broker lives. The socket is
 * made under a temporary name, gets its mode, and is then renamed, so that nobody finds it before it is closed to strangers.
 */
final class SocketClaim implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SocketClaim.class.getName());
    private static final String MODE = "rw-rw----";

    private final Path socket;
    private final FileChannel lock;
    private boolean published;

    private SocketClaim(Path socket, FileChannel lock) {
        this.socket = socket;
        this.lock = lock;
    }

    /** @throws BusException if somebody is there, or the path cannot be used */
    static SocketClaim claim(Path socket) {
        Path folder = socket.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new BusException(
                    "the folder of the bus socket " + socket + " does not exist; create it, or set bus.socket");
        }
        FileChannel lock = lock(socket);
        try {
            refuseIfAlive(socket);
            Files.deleteIfExists(beside(socket));
            return new SocketClaim(socket, lock);
        } catch (IOException e) {
            closeQuietly(lock);
            throw new BusException("cannot use the bus socket " + socket, e);
        } catch (RuntimeException e) {
            closeQuietly(lock);
            throw e;
        }
    }

    private static FileChannel lock(Path socket) {
        Path file = socket.resolveSibling(socket.getFileName() + ".lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException e) {
                // another broker of this very process; said below
                LOG.log(Level.DEBUG, "the lock is held by this process", e);
            }
            channel.close();
            throw taken(socket);
        } catch (IOException e) {
            throw new BusException("cannot lock " + file + " for the bus socket", e);
        }
    }

    private static void refuseIfAlive(Path socket) throws IOException {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(socket, java.nio.file.attribute.BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new BusException(
                    socket + " exists and is not a socket; remove it, or set bus.socket to another path");
        }
        try {
            SocketChannel.open(UnixDomainSocketAddress.of(socket)).close();
            throw taken(socket);
        } catch (ConnectException e) {
            LOG.log(Level.INFO, () -> "replacing the socket a former broker has left socket=" + socket);
        }
    }

    private static BusException taken(Path socket) {
        return new BusException("another bus is alive at " + socket
                + "; stop it first (decnet status shows its process), or set bus.socket to another path");
    }

    private static Path beside(Path socket) {
        return socket.resolveSibling(socket.getFileName() + ".new");
    }

    /** Where the socket is to be bound. */
    Path temporary() {
        return beside(socket);
    }

    /** Makes the bound socket reachable, mode 0660, owned by {@code group} if that exists and we may. */
    void publish(String group) {
        try {
            Path temporary = temporary();
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(MODE));
            giveTo(group, temporary);
            Files.move(temporary, socket, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            published = true;
        } catch (IOException e) {
            throw new BusException("cannot make the bus socket " + socket, e);
        }
    }

    private static void giveTo(String group, Path path) throws IOException {
        if (group.isEmpty()) {
            return;
        }
        try {
            Files.getFileAttributeView(path, PosixFileAttributeView.class)
                    .setGroup(
                            path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group));
        } catch (UserPrincipalNotFoundException | FileSystemException e) {
            LOG.log(Level.DEBUG, () -> "the socket keeps its group, wanted=" + group + " cause=" + e);
        }
    }

    @Override
    public void close() {
        if (published) {
            published = false;
            try {
                Files.deleteIfExists(socket);
            } catch (IOException e) {
                LOG.log(Level.WARNING, () -> "cannot remove the bus socket " + socket + " cause=" + e);
            }
        }
        closeQuietly(lock);
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "cannot close a lock file", e);
        }
    }
}
