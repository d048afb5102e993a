package com.example.deep;

/** Does nothing before the first screen. */
public class DeepApplication extends android.app.Application {}
