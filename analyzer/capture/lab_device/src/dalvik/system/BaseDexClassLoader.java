package dalvik.system;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Loads code that an app brings along or fetches: jars of class files here, as a JVM reads no DEX. */
public class BaseDexClassLoader extends ClassLoader {
    private final Places pathList;

    public BaseDexClassLoader(String dexPath, File optimizedDirectory, String librarySearchPath, ClassLoader parent) {
        super(parent);
        pathList = loaderOf(dexPath);
    }

    public BaseDexClassLoader(ByteBuffer[] dexFiles, String librarySearchPath, ClassLoader parent) {
        super(parent);
        pathList = loaderOf(stored(dexFiles));
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try (java.io.InputStream in = pathList.getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] code = in.readAllBytes();
            return defineClass(name, code, 0, code.length);
        } catch (IOException problem) {
            throw new ClassNotFoundException(name, problem);
        }
    }

    /** Hidden from applications' compilers: gives this loader more code. */
    public void addDexPath(String dexPath) {
        pathList.add(loaderOf(dexPath).getURLs());
    }

    private static Places loaderOf(String dexPath) {
        List<URL> places = new ArrayList<>();
        for (String place : dexPath.split(File.pathSeparator)) {
            try {
                places.add(new File(place).toURI().toURL());
            } catch (MalformedURLException problem) {
                throw new IllegalArgumentException(place, problem);
            }
        }
        return new Places(places.toArray(new URL[0]));
    }

    private static String stored(ByteBuffer[] dexFiles) {
        StringBuilder paths = new StringBuilder();
        try {
            for (ByteBuffer each : dexFiles) {
                byte[] bytes = new byte[each.remaining()];
                each.duplicate().get(bytes);
                Path file = Files.createTempFile("in-memory", ".jar");
                file.toFile().deleteOnExit();
                Files.write(file, bytes);
                paths.append(paths.length() == 0 ? "" : File.pathSeparator).append(file);
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return paths.toString();
    }

    /** Where a loader's code is. */
    private static final class Places extends URLClassLoader {
        Places(URL[] places) {
            super(places, null);
        }

        void add(URL[] places) {
            for (URL place : places) {
                addURL(place);
            }
        }
    }
}
