package decnet.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * What root writes into a folder of ours belongs to whom the folder belongs to: the services run as others and must read it. Links are
 * never followed, as the owner of the folder could have put one there.
 */
public final class FolderOwner {
    private FolderOwner() {}

    /** Gives a file or folder the group of the folder it lies in and, if root made it, the owner too. */
    public static void takeOver(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            return;
        }
        adopt(parent, path, "unix:gid");
        if (Integer.valueOf(0).equals(Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS))) {
            adopt(parent, path, "unix:uid");
        }
    }

    private static void adopt(Path parent, Path path, String attribute) throws IOException {
        Object wanted = Files.getAttribute(parent, attribute);
        if (!wanted.equals(Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS))) {
            Files.setAttribute(path, attribute, wanted, LinkOption.NOFOLLOW_LINKS);
        }
    }
}
