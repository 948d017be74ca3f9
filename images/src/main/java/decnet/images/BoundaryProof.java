package decnet.images;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/**
 * Proves that modules which must not reach the database do not: by what their descriptors require, directly or not, and by what
 * their classes name ({@code jdeps}). Stateless.
 */
final class BoundaryProof {
    private final List<Path> modulePath;
    private final ModuleFinder finder;

    BoundaryProof(List<Path> modulePath) {
        this.modulePath = List.copyOf(modulePath);
        this.finder = ModuleFinder.of(modulePath.toArray(Path[]::new));
    }

    /** One sentence per breach; empty if the boundary holds. */
    List<String> breaches(Collection<String> modules, Collection<String> forbidden) {
        List<String> breaches = new ArrayList<>();
        for (String module : modules) {
            Optional<ModuleReference> found = finder.find(module);
            if (found.isEmpty()) {
                continue; // not built yet
            }
            for (String target : forbidden) {
                path(module, target).ifPresent(chain -> breaches.add("descriptor: " + chain));
            }
            for (String target : new TreeSet<>(namedByClasses(module, forbidden))) {
                if (forbidden.contains(target)) {
                    breaches.add("classes: " + module + " uses classes of " + target);
                }
            }
        }
        return breaches;
    }

    /** The chain of {@code requires} from one module to another. */
    private Optional<String> path(String from, String to) {
        Map<String, String> cameFrom = new HashMap<>();
        Deque<String> open = new ArrayDeque<>(List.of(from));
        cameFrom.put(from, "");
        while (!open.isEmpty()) {
            String module = open.remove();
            if (module.equals(to)) {
                Deque<String> chain = new ArrayDeque<>();
                for (String step = to; !step.isEmpty(); step = cameFrom.getOrDefault(step, "")) {
                    chain.push(step);
                }
                return Optional.of(String.join(" -> ", chain));
            }
            finder.find(module).ifPresent(reference -> reference.descriptor().requires().stream()
                    .filter(requires -> !requires.modifiers().contains(Requires.Modifier.STATIC))
                    .map(Requires::name)
                    .filter(name -> cameFrom.putIfAbsent(name, module) == null)
                    .forEach(open::add));
        }
        return Optional.empty();
    }

    private List<String> namedByClasses(String module, Collection<String> forbidden) {
        StringWriter out = new StringWriter();
        ToolProvider jdeps =
                ToolProvider.findFirst("jdeps").orElseThrow(() -> new IllegalStateException("this JDK has no jdeps"));
        String path = modulePath.stream().map(Path::toString).collect(Collectors.joining(":"));
        // resolved as roots: what a module requires statically is not in its graph, and jdeps would pass over it
        String roots =
                forbidden.stream().filter(name -> finder.find(name).isPresent()).collect(Collectors.joining(","));
        List<String> arguments =
                new ArrayList<>(List.of("--module-path", path, "--multi-release", "25", "-s", "-m", module));
        if (!roots.isEmpty()) {
            arguments.addAll(List.of("--add-modules", roots));
        }
        int code = jdeps.run(new PrintWriter(out), new PrintWriter(out), arguments.toArray(String[]::new));
        if (code != 0) {
            throw new IllegalStateException("jdeps of " + module + " failed: " + out);
        }
        return out.toString()
                .lines()
                .filter(line -> line.startsWith(module + " -> "))
                .map(line -> line.substring(line.indexOf("->") + 2).strip())
                .toList();
    }
}
