package com.example.trio;

/** Does nothing before the first screen. */
public class TrioApplication extends android.app.Application {}
