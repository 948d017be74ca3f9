package decnet.runtime;

import java.util.List;

/** Service interface: a module offers workers. */
public interface WorkerProvider {
    List<WorkerSpec> workers();
}
