package decnet.runtime;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The folder in which the images of this build lie side by side.
 *
 * @param folder holds {@code bus}, {@code decoy}, {@code herd} …
 */
public record Images(Path folder) {
    /** {@code $DECNET_IMAGES}, else the folder beside the image this process runs from. */
    public static Images resolve() {
        String set = System.getenv("DECNET_IMAGES");
        Path home = Path.of(System.getProperty("java.home"));
        Path parent = home.getParent();
        return new Images(set != null ? Path.of(set).toAbsolutePath().normalize() : parent == null ? home : parent);
    }

    /** Name of the image this process runs from; {@code classes} when it runs from none, as in tests. */
    public static String thisImage() {
        Path home = Path.of(System.getProperty("java.home"));
        boolean image = Files.isRegularFile(home.resolve("conf").resolve("decnet-catalogue.json"));
        Path name = home.getFileName();
        return image && name != null ? name.toString() : "classes";
    }

    public Path java(String image) {
        return folder.resolve(image).resolve("bin").resolve("java");
    }

    public Path launcher(String image) {
        return folder.resolve(image).resolve("bin").resolve("decnet");
    }

    public boolean has(String image) {
        return Files.isExecutable(java(image));
    }

    /** The command line that runs DECNET's main class from an image. */
    public List<String> command(String image, List<String> jvm, List<String> arguments) {
        var command = new java.util.ArrayList<String>();
        command.add(java(image).toString());
        command.addAll(jvm);
        command.add("-m");
        command.add("decnet.cli/decnet.cli.Main");
        command.addAll(arguments);
        return List.copyOf(command);
    }
}
