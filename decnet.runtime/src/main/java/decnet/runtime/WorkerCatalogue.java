package decnet.runtime;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * The workers this image holds.
 *
 * @param specs by name
 */
public record WorkerCatalogue(List<WorkerSpec> specs) {
    public WorkerCatalogue {
        specs = specs.stream().sorted(Comparator.comparing(WorkerSpec::name)).toList();
    }

    /** Everything the boot layer offers, and the broker, which is part of the runtime. */
    public static WorkerCatalogue ofThisImage() {
        return new WorkerCatalogue(ServiceLoader.load(ModuleLayer.boot(), WorkerProvider.class).stream()
                .flatMap(provider -> provider.get().workers().stream())
                .toList());
    }

    public Optional<WorkerSpec> find(String name) {
        return specs.stream().filter(spec -> spec.name().equals(name)).findFirst();
    }

    public List<String> names() {
        return specs.stream().map(WorkerSpec::name).toList();
    }
}
