"""What the project is installed from: which packages, with which hashes, under which licences."""
