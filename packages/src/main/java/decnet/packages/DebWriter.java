package decnet.packages;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vafer.jdeb.Compression;
import org.vafer.jdeb.Console;
import org.vafer.jdeb.DataConsumer;
import org.vafer.jdeb.DebMaker;
import org.vafer.jdeb.PackagingException;
import org.vafer.jdeb.shaded.commons.compress.archivers.tar.TarArchiveEntry;
import org.vafer.jdeb.shaded.commons.compress.archivers.tar.TarConstants;

/** Writes packages with jdeb: the same input gives the same bytes. */
final class DebWriter {
    private final PackageVersion version;
    private final String compression;

    /** @param compression {@code gzip}, {@code xz} or {@code none} */
    DebWriter(PackageVersion version, String compression) {
        this.version = version;
        this.compression = Compression.toEnum(compression).toString();
    }

    /** @return the finished file in {@code folder}, which appears whole or not at all */
    Path write(DebianPackage debian, Path folder) throws IOException {
        Path control = Files.createTempDirectory("deb");
        try {
            for (Map.Entry<String, String> file : debian.control().entrySet()) {
                Files.writeString(control.resolve(file.getKey()), file.getValue());
            }
            Files.writeString(control.resolve("control"), controlFile(debian));
            SortedMap<String, Entry> entries = withParents(debian.entries());
            List<Entry> conffiles = debian.conffiles().stream()
                    .map(path -> found(entries, path))
                    .toList();
            Path draft = folder.resolve("." + debian.name() + ".deb");
            DebMaker maker = new DebMaker(
                    new Quiet(),
                    List.of(consumer -> produce(consumer, entries.values())),
                    List.of(consumer -> produce(consumer, conffiles)));
            maker.setControl(control.toFile());
            maker.setDeb(draft.toFile());
            maker.setCompression(compression);
            maker.setOutputTimestampMs(version.time().toEpochMilli());
            maker.makeDeb();
            Path target = folder.resolve(DebianPackage.fileName(debian.name(), version));
            return Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (PackagingException e) {
            throw new IOException("cannot write the package " + debian.name() + ": " + e.getMessage(), e);
        } finally {
            try (Stream<Path> files = Files.walk(control)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private String controlFile(DebianPackage debian) {
        String fields = debian.fields().entrySet().stream()
                .map(field -> field.getKey() + ": " + field.getValue() + "\n")
                .collect(Collectors.joining());
        return "Package: " + debian.name() + "\nVersion: " + version.text() + "\nArchitecture: amd64\n"
                + fields.replace("${version}", version.text());
    }

    private static SortedMap<String, Entry> withParents(List<Entry> entries) {
        SortedMap<String, Entry> all = new TreeMap<>();
        for (Entry entry : entries) {
            all.put(entry.path(), entry);
            for (int slash = entry.path().lastIndexOf('/'); slash > 0; ) {
                String parent = entry.path().substring(0, slash);
                all.putIfAbsent(parent, new Entry.Folder(parent));
                slash = parent.lastIndexOf('/');
            }
        }
        return all;
    }

    private static Entry found(Map<String, Entry> entries, String path) {
        Entry entry = entries.get(path);
        if (entry == null) {
            throw new IllegalArgumentException("conffile " + path + " is not in the package");
        }
        return entry;
    }

    private void produce(DataConsumer consumer, Iterable<Entry> entries) throws IOException {
        for (Entry entry : entries) {
            switch (entry) {
                case Entry.Folder folder ->
                    consumer.onEachDir(owned(new TarArchiveEntry("." + folder.path() + "/"), 0755));
                case Entry.Link link -> {
                    TarArchiveEntry tar = owned(new TarArchiveEntry("." + link.path(), TarConstants.LF_SYMLINK), 0777);
                    tar.setLinkName(link.target());
                    consumer.onEachLink(tar);
                }
                case Entry.Copy copy -> {
                    try (InputStream in = Files.newInputStream(copy.source())) {
                        file(consumer, copy.path(), in, Files.size(copy.source()), copy.mode());
                    }
                }
                case Entry.Made made -> {
                    InputStream in = new ByteArrayInputStream(made.content());
                    file(consumer, made.path(), in, made.content().length, made.mode());
                }
            }
        }
    }

    private void file(DataConsumer consumer, String path, InputStream in, long size, int mode) throws IOException {
        TarArchiveEntry tar = owned(new TarArchiveEntry("." + path), mode);
        tar.setSize(size);
        consumer.onEachFile(in, tar);
    }

    private TarArchiveEntry owned(TarArchiveEntry entry, int mode) {
        entry.setUserId(0);
        entry.setGroupId(0);
        entry.setUserName("root");
        entry.setGroupName("root");
        entry.setMode(entry.getMode() & ~07777 | mode);
        entry.setModTime(Date.from(version.time()));
        return entry;
    }

    /** Only what is wrong is worth a line. */
    private static final class Quiet implements Console {
        @Override
        public void debug(String message) {}

        @Override
        public void info(String message) {}

        @Override
        public void warn(String message) {
            System.out.println("packages: " + message);
        }
    }
}
