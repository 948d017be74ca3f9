/** Regular expressions in time linear in their input. The library brings no descriptor. */
module com.google.re2j {
    exports com.google.re2j;
}
