"""What the package archives say: which package exists, what it brings, what the base images already have.

Everything here answers offline from data shipped with bpopt (or built by `bpopt catalog update`), takes plain
package names and stack names, and never raises on odd names: an unknown name is simply not there.
"""
