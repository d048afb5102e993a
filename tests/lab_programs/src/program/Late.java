package program;

import java.net.URL;
import java.net.URLClassLoader;

/** Loads its own copy of a hooked class through a foreign loader, calls it, and ends by `System.exit`. */
public final class Late {
    private Late() {}

    public static void main(String[] args) throws Exception {
        URL here = Late.class.getProtectionDomain().getCodeSource().getLocation();
        ClassLoader foreign = new URLClassLoader(new URL[] {here}, ClassLoader.getPlatformClassLoader());
        Class<?> type = foreign.loadClass("program.Target");
        Object target = type.getConstructor(String.class).newInstance("late");
        System.out.println(type.getMethod("echo", String.class).invoke(target, "from a foreign loader"));
        System.out.println(new Target("own").echo("from our own loader"));
        System.exit(7);
    }
}
