package decnet.runtime;

import decnet.core.Places;
import java.io.IOException;
import java.nio.file.Files;
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
        // the group column: who may read it beside the owner
        make(places.state(), "decnet", group("decnet"), 0755);
        make(places.run(), "decnet", Optional.of(Accounts.RUN_GROUP), 03770);
        make(places.state().resolve("log"), "decnet", group("decnet"), 0750);
        make(places.state().resolve("profiles"), "decnet", Optional.of(Accounts.RUN_GROUP), 03770);
        make(places.state().resolve("journal"), "decnet", group("decnet"), 0755);
        make(places.journal("decoys"), "decnet-decoy", group("decnet"), 02750);
        make(places.journal("decoys").resolve("readers"), "decnet-decoy", group("decnet"), 02770);
        make(places.journal("collect"), "decnet-capture", group("decnet"), 02750);
        make(places.journal("collect").resolve("readers"), "decnet-capture", group("decnet"), 02770);
        make(places.blobs(), "decnet-decoy", group("decnet"), 02750);
        make(places.blobs().resolve("tmp"), "decnet-decoy", group("decnet"), 02750);
        make(places.fleet(), "decnet", group("decnet-decoy"), 02750);
        make(places.fleet().resolve("personas"), "decnet", group("decnet-decoy"), 02750);
        Optional<ProcessSpec> collect = plan.processOf("collect");
        if (collect.isPresent()) {
            handOver(places.journal("collect"), collect.get().account());
        }
        make(places.state().resolve("ledger"), "decnet", group("decnet"), 0755);
        for (ProcessSpec process : plan.processes()) {
            for (String worker : process.workers()) {
                make(Ledger.folder(places, worker), process.account(), group(process.account()), 0755);
            }
        }
        // what root deployed by hand before the first start
        take(places.state().resolve("secret"), group("decnet"));
        for (Path folder : List.of(places.fleet(), places.fleet().resolve("personas"))) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    take(file, group("decnet-decoy"));
                }
            }
        }
    }

    /** A journal of another plan's user goes on under this one's. */
    private void handOver(Path journal, String account) throws IOException {
        Optional<Accounts.Ids> ids = accounts.ids(account);
        if (ids.isEmpty()) {
            return;
        }
        try (Stream<Path> files = Files.list(journal)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setAttribute(file, "unix:uid", ids.get().uid());
            }
        }
        Files.setAttribute(journal, "unix:uid", ids.get().uid());
        Files.setAttribute(journal.resolve("readers"), "unix:uid", ids.get().uid());
    }

    private void take(Path file, Optional<Integer> group) throws IOException {
        Optional<Accounts.Ids> ids = accounts.ids("decnet");
        if (ids.isPresent() && Files.exists(file)) {
            Files.setAttribute(file, "unix:uid", ids.get().uid());
            Files.setAttribute(file, "unix:gid", group.orElse(ids.get().gid()));
        }
    }

    private Optional<Integer> group(String account) {
        return accounts.ids(account).map(Accounts.Ids::gid);
    }

    private void make(Path folder, String owner, Optional<Integer> group, int mode) throws IOException {
        Files.createDirectories(folder);
        Optional<Accounts.Ids> ids = accounts.ids(owner);
        if (ids.isEmpty()) {
            return; // the caller's own folders, as his umask wants them
        }
        Files.setAttribute(folder, "unix:uid", ids.get().uid());
        Files.setAttribute(folder, "unix:gid", group.orElse(ids.get().gid()));
        Files.setAttribute(folder, "unix:mode", mode);
    }
}
