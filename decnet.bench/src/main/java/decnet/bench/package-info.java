/** Benchmarks of whole processes. */
@org.jspecify.annotations.NullMarked
package decnet.bench;
