// Package repository holds what must be true of the repository as a whole.
package repository
