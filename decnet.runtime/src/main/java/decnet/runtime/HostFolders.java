package decnet.runtime;

import decnet.core.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes the folders of an installation, each owned by who writes it and closed to who need not read it. */
final class HostFolders {
    private final Places places;
    private final Accounts accounts;

    HostFolders(Places places, Accounts accounts) {
        this.places = places;
        this.accounts = accounts;
    }

    /** For processes as {@code plan} runs them: whoever writes a folder owns it, with what another plan left in it. */
    void prepare(Plan plan) throws IOException {
        for (HostFolder folder : HostFolder.of(plan)) {
            Path base = folder.place().equals("run") ? places.run() : places.state();
            make(base.resolve(folder.path()), folder);
        }
        Optional<ProcessSpec> collect = plan.processOf("collect");
        if (collect.isPresent()) {
            handOver(places.journal("collect"), collect.get().account());
        }
        // what root deployed by hand before the first start
        take(places.state().resolve("secret"), group("decnet"));
        for (Path folder : List.of(places.fleet(), places.fleet().resolve("personas"))) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(HostFolders::isFile).toList()) {
                    take(file, group("decnet-decoy"));
                }
            }
        }
    }

    /** Not a link: whoever owns the folder could point it at a file of root's. */
    private static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** A journal of another plan's user goes on under this one's; the folders have been made his already. */
    private void handOver(Path journal, String account) throws IOException {
        Optional<Accounts.Ids> ids = accounts.ids(account);
        if (ids.isEmpty()) {
            return;
        }
        try (Stream<Path> files = Files.list(journal)) {
            for (Path file : files.filter(HostFolders::isFile).toList()) {
                give(file, "unix:uid", ids.get().uid());
            }
        }
    }

    /** Never through a link, and only if it is not so already. */
    private static void give(Path path, String attribute, int value) throws IOException {
        if (!Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS).equals(value)) {
            Files.setAttribute(path, attribute, value, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private void take(Path file, Optional<Integer> group) throws IOException {
        Optional<Accounts.Ids> ids = accounts.ids("decnet");
        if (ids.isPresent() && Files.exists(file)) {
            give(file, "unix:uid", ids.get().uid());
            give(file, "unix:gid", group.orElse(ids.get().gid()));
        }
    }

    private Optional<Integer> group(String account) {
        return accounts.ids(account).map(Accounts.Ids::gid);
    }

    private void make(Path path, HostFolder folder) throws IOException {
        if (accounts.root()
                && Files.isSymbolicLink(path)
                && !Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        .equals(0)) {
            throw new IOException(path + " is a link that root did not make; remove it");
        }
        Files.createDirectories(path);
        Optional<Accounts.Ids> ids = accounts.ids(folder.owner());
        if (ids.isEmpty()) {
            return; // the caller's own folders, as his umask wants them
        }
        boolean run = folder.group().equals(Accounts.RUN_GROUP_NAME);
        Optional<Integer> group = run ? Optional.of(accounts.runGroup()) : group(folder.group());
        // changing hands clears bits of the mode, so that comes last
        give(path, "unix:uid", ids.get().uid());
        give(path, "unix:gid", group.orElse(ids.get().gid()));
        Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if (!(mode instanceof Integer bits) || (bits & 07777) != folder.mode()) {
            Files.setAttribute(path, "unix:mode", folder.mode());
        }
    }
}
